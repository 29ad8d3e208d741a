using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AptP2P.EndToEnd.Harness;

/// <summary>The dashboard for Grafana in docs/dashboards.</summary>
internal static partial class Dashboard
{
    public static string Docs { get; } = Path.Combine(
        typeof(Dashboard).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "Packaging").Value!,
        "..", "docs");

    /// <summary>Makes sure that all that its queries ask for is there: metrics, and attributes of theirs.</summary>
    /// <param name="fetched">What daemons gave to Prometheus.</param>
    public static void AssertAsksFor(string fetched)
    {
        var labels = Sample().Matches(fetched).ToLookup(
            sample => sample.Groups["name"].Value,
            sample => Label().Matches(sample.Groups["labels"].Value).Select(label => label.Groups[1].Value));
        var dashboard = JsonNode.Parse(File.ReadAllText(Path.Combine(Docs, "dashboards", "apt-p2p.json")))!;
        var queries = dashboard["panels"]!.AsArray().SelectMany(panel => panel!["targets"]?.AsArray() ?? [])
            .Select(target => target!["expr"]!.GetValue<string>()).ToArray();

        Assert.NotEmpty(queries);
        Assert.All(queries, query =>
        {
            string[] metrics = [.. Metric().Matches(query).Select(name => name.Value)];
            Assert.NotEmpty(metrics);
            Assert.All(metrics, name => Assert.True(labels.Contains(name), $"no daemon has {name}, which is asked for by {query}"));
            var known = metrics.SelectMany(name => labels[name]).SelectMany(names => names).ToHashSet();
            Assert.All(Attribute().Matches(query), used => Assert.Contains(used.Value, known));
        });
    }

    [GeneratedRegex(@"^(?<name>[a-z0-9_]+)(\{(?<labels>[^}]*)\})? ", RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex("([a-z0-9_]+)=\"")]
    private static partial Regex Label();

    /// <summary>A name that something is chosen from.</summary>
    [GeneratedRegex(@"\b[a-z0-9_]+(?=\{)")]
    private static partial Regex Metric();

    [GeneratedRegex(@"\b(aptp2p_(served_from|source|kind|outcome|reason|state)|network_io_direction|network_type|network_transport|le)\b")]
    private static partial Regex Attribute();
}
