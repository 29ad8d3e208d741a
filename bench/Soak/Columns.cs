using System.Globalization;

namespace AptP2P.Bench.Soak;

/// <summary>A table in Markdown, whose rows are written as they come: a soak that is broken off has told what it saw.</summary>
internal static class Columns
{
    private const double MB = 1_000_000;

    private static readonly (string Head, Func<Sample, FormattableString> Cell)[] All =
    [
        ("MB resident", sample => $"{sample.Resident / MB:0}"),
        ("anonymous", sample => $"{sample.Anonymous / MB:0}"),
        ("managed heap", sample => $"{sample.Number("memory", "heap") / MB:0.0}"),
        ("of it gaps", sample => $"{sample.Number("memory", "gaps") / MB:0.0}"),
        ("committed", sample => $"{sample.Number("memory", "committed") / MB:0.0}"),
        ("full collections", sample => $"{sample.Number("memory", "collections")}"),
        ("threads", sample => $"{sample.Threads}"),
        ("descriptors", sample => $"{sample.Files}"),
        ("DHT nodes", sample => $"{sample.Number("dht", "nodesV4")}"),
        ("keys", sample => $"{sample.Number("dht", "storedKeys")}"),
        ("contacts", sample => $"{sample.Number("dht", "storedContacts")}"),
        ("items", sample => $"{sample.Number("dht", "storedItems")}"),
        ("announced", sample => $"{sample.Number("dht", "announced")}"),
        ("peers known", sample => $"{sample.Number("peers", "known")}"),
        ("refused", sample => $"{sample.Number("peers", "refused")}"),
        ("stored files", sample => $"{sample.Number("store", "files")}"),
        ("stored MB", sample => $"{sample.Number("store", "bytes") / MB:0}"),
        ("indexed files", sample => $"{sample.Number("catalog", "entries")}"),
        ("fetched", sample => $"{sample.Number("downloads", "fetched")}"),
        ("failed", sample => $"{sample.Number("downloads", "failed")}"),
    ];

    public static string Head { get; } =
        $"| minute | daemon | {string.Join(" | ", All.Select(column => column.Head))} |\n|---|---|{string.Concat(All.Select(_ => "---|"))}";

    public static string Row(int minute, int daemon, Sample sample) =>
        $"| {minute} | {daemon} | {string.Join(" | ", All.Select(column => column.Cell(sample).ToString(CultureInfo.InvariantCulture)))} |";
}
