namespace AptP2P.Bench.Sources;

internal static class Report
{
    public static string Write(IReadOnlyList<Lap> direct, Dictionary<Scenario, List<Lap>> laps)
    {
        var table = new Table([
            "through",
            "all",
            "to direct",
            .. Course.Classes.SelectMany(one => (string[])[$"{one.Count} x {one.Name}", "to direct"]),
            "from the mirror",
            "longest first byte",
            "restarts",
        ]);
        Add("Direct", direct);
        foreach (var (scenario, runs) in laps)
        {
            Add($"AptP2P, {scenario.Name}", runs);
        }

        return table.ToString();

        void Add(string name, IReadOnlyList<Lap> runs)
        {
            var classes = Course.Classes.SelectMany(
                (_, i) => Cells(runs.Select(run => run.Seconds[i]).Median(), direct.Select(run => run.Seconds[i]).Median()));
            table.Add([
                $"{name}",
                .. Cells(runs.Select(run => run.Seconds.Sum()).Median(), direct.Select(run => run.Seconds.Sum()).Median()),
                .. classes,
                Share(runs),
                $"{runs.Select(run => run.FirstByte).Median():0.00} s",
                $"{runs.Sum(run => run.Restarts)}",
            ]);
        }
    }

    private static FormattableString Share(IEnumerable<Lap> runs) =>
        runs.Select(run => run.FromMirror).Median() is > 0 and var share ? (FormattableString)$"{share * 100:0} %" : $"";

    private static FormattableString[] Cells(double seconds, double direct) => [$"{seconds:0.00} s", $"{seconds / direct:0.00}"];
}
