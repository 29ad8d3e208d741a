using System.Globalization;

namespace AptP2P.Bench.Idle;

/// <summary>What a process takes of the machine's memory (proc(5), <c>smaps_rollup</c>), in bytes.</summary>
/// <param name="Resident">All of its pages that are there, what other processes share included.</param>
/// <param name="Private">Those that nobody else has.</param>
/// <param name="Written">And that would have to be kept somewhere: the others are in a file as well.</param>
internal readonly record struct Memory(double Resident, double Private, double Written)
{
    public static Memory Of(int process)
    {
        var pages = File.ReadLines($"/proc/{process}/smaps_rollup").Skip(1)
            .Select(line => line.Split([':', ' '], StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(field => field[0], field => double.Parse(field[1], CultureInfo.InvariantCulture) * 1024);
        return new Memory(pages["Rss"], pages["Private_Clean"] + pages["Private_Dirty"], pages["Private_Dirty"]);
    }
}
