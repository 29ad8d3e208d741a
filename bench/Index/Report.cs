using System.Globalization;

namespace AptP2P.Bench.Index;

internal static class Report
{
    public static void Write(string index, Dictionary<string, List<Measurement>> results)
    {
        var baseline = Median(results.First(result => result.Key.StartsWith("xz", StringComparison.Ordinal)).Value.Select(run => run.Seconds));
        Print($"{new FileInfo(index).Length / 1e6:F1} MB as xz, {results.Values.First()[0].Entries} files, {results.Values.First().Count} rounds, median (least to most)");
        Print($"| program | seconds | times xz -dc | memory, MiB |");
        Print($"|---|---|---|---|");
        foreach (var (name, runs) in results)
        {
            var seconds = runs.Select(run => run.Seconds).ToList();
            var memory = runs[0].Memory is null ? "" : (runs.Max(run => run.Memory)!.Value / 1048576.0).ToString("F0", CultureInfo.InvariantCulture);
            Print($"| {name} | {Median(seconds):F2} ({seconds.Min():F2} to {seconds.Max():F2}) | {Median(seconds) / baseline:F2} | {memory} |");
        }
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
