using System.Globalization;

namespace AptP2P.Bench.Index;

internal static class Report
{
    public static void Write(string index, Dictionary<string, List<Measurement>> results)
    {
        var baseline = results.First(result => result.Key.StartsWith("xz", StringComparison.Ordinal)).Value;
        var (seconds, cpu) = (Median(baseline.Select(run => run.Seconds)), Median(baseline.Select(run => run.Cpu)));
        var entries = results.Values.First()[0].Entries;
        Print(
            $"{new FileInfo(index).Length / 1e6:F1} MB as xz, {entries} files, {baseline.Count} rounds, median (least to most); xz -dc is 1"
        );
        Print($"| program | seconds | ratio | CPU seconds | ratio | memory, MiB |");
        Print($"|---|---|---|---|---|---|");
        foreach (var (name, runs) in results)
        {
            var (wall, work) = (runs.Select(run => run.Seconds).ToList(), runs.Select(run => run.Cpu).ToList());
            var memory = runs[0].Memory is null
                ? ""
                : (runs.Max(run => run.Memory)!.Value / 1048576.0).ToString("F0", CultureInfo.InvariantCulture);
            FormattableString took = $"{Median(wall):F2} ({wall.Min():F2} to {wall.Max():F2}) | {Median(wall) / seconds:F2}";
            FormattableString cost = $"{Median(work):F2} ({work.Min():F2} to {work.Max():F2}) | {Median(work) / cpu:F2}";
            Print($"| {name} | {took} | {cost} | {memory} |");
        }
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
