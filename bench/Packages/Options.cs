using System.Globalization;

namespace AptP2P.Bench.Packages;

/// <summary>What to run, from the command line: <c>--files=100 --rounds=1 --only=Direct,AptP2P</c>.</summary>
internal sealed record Options
{
    /// <summary>How many packages; fewer than all of <c>sizes.txt</c> are picked evenly from it.</summary>
    public int Files { get; private init; } = 1000;

    public int Rounds { get; private init; } = 3;

    public IReadOnlyList<string> Only { get; private init; } = [];

    /// <summary>Where the archive, the caches and the downloads go: up to 6 GB. Memory by default, so that the disk's moods do not count.</summary>
    public string Scratch { get; private init; } = "/dev/shm";

    public static Options Read(IEnumerable<string> arguments)
    {
        var options = new Options();
        foreach (var argument in arguments)
        {
            options = argument.Split('=', 2) switch
            {
                ["--files", var value] => options with { Files = int.Parse(value, CultureInfo.InvariantCulture) },
                ["--rounds", var value] => options with { Rounds = int.Parse(value, CultureInfo.InvariantCulture) },
                ["--only", var value] => options with { Only = value.Split(',') },
                ["--scratch", var value] => options with { Scratch = value },
                _ => throw new ArgumentException($"'{argument}' is not understood; there are --files=N, --rounds=N, --only=NAME,NAME and --scratch=FOLDER"),
            };
        }

        return options;
    }
}
