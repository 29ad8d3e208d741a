using System.Globalization;

namespace AptP2P.Bench;

/// <summary>What a process and its children have used so far (proc(5)).</summary>
/// <param name="Processor">Processor time, user and system.</param>
/// <param name="Resident">Memory that is resident now, in bytes; of several processes the sum.</param>
internal readonly record struct Usage(TimeSpan Processor, long Resident)
{
    private const int TicksPerSecond = 100; // USER_HZ, the same on every Linux that .NET runs on
    private const int PageSize = 4096;

    public static Usage Of(int process)
    {
        var all = Children(process).Prepend(process).Select(Read).ToList();
        return new Usage(TimeSpan.FromSeconds(all.Sum(one => one.Ticks) / (double)TicksPerSecond), all.Sum(one => one.Pages) * PageSize);
    }

    /// <summary>What all processes of this machine have used, the kernel's work for them included.</summary>
    public static TimeSpan OfMachine()
    {
        // cpu user nice system idle iowait irq softirq ...
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return TimeSpan.FromSeconds(((int[])[1, 2, 3, 6, 7]).Sum(i => Number(ticks[i])) / (double)TicksPerSecond);
    }

    private static IEnumerable<int> Children(int process) =>
        File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture));

    private static (long Ticks, long Pages) Read(int process)
    {
        // The program's name may hold anything; the fields after it count from the third.
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[11]) + Number(fields[12]), Number(fields[21]));
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
