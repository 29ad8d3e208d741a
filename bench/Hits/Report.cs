namespace AptP2P.Bench.Hits;

internal static class Report
{
    public static string Write(IReadOnlyList<Contender> contenders)
    {
        var yardstick = contenders.Single(one => one.Name == Contestant.Nginx);
        var (requests, bytes) = (Rate(yardstick), Bytes(yardstick));
        var table = new Table(
            "hits", "requests/s at 50 kB", "to nginx", "50 %", "99 %", "CPU µs each", "100 MB, GB/s", "to nginx", "CPU s per GB");
        foreach (var one in contenders)
        {
            var typical = one.Requests.OrderBy(run => run.PerSecond).ElementAt(one.Requests.Count / 2);
            FormattableString?[] stream = one.HasFiles
                ? [$"{Bytes(one) / 1e9:0.00}", $"{Bytes(one) / bytes:0.00}", $"{one.Streams.Select(run => run.Processor).Median():0.00}"]
                : [null, null, null];
            table.Add([
                $"{one.Name}",
                $"{Rate(one):0}",
                $"{Rate(one) / requests:0.00}",
                $"{typical.Median}",
                $"{typical.Slow}",
                $"{one.Requests.Select(run => run.Processor).Median():0}",
                .. stream,
            ]);
        }

        return table.ToString();
    }

    private static double Rate(Contender one) => one.Requests.Select(run => run.PerSecond).Median();

    private static double Bytes(Contender one) => one.Streams.Select(run => run.PerSecond).Median();
}
