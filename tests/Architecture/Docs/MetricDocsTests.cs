using System.Text.RegularExpressions;
using Xunit;

namespace AptP2P.Architecture.Docs;

/// <summary>docs/metrics.md has every instrument. UPDATE_SNAPSHOTS=1 writes the table.</summary>
public sealed partial class MetricDocsTests
{
    [Fact]
    public void MetricsTable_ComparedWithTheCode_IsTheSame()
    {
        var instruments = Instruments().OrderBy(instrument => instrument.Name, StringComparer.Ordinal).ToArray();

        Assert.NotEmpty(instruments);
        Assert.Empty(DocTable.Compare(
            "metrics.md", "### Our own", "| Name | Kind | Unit | Meaning | Attributes |",
            instruments.Select(found =>
                $"| `{found.Name}` | {found.Kind} | {found.Unit} | {found.Meaning} | {AttributesOf(found.Name)} |")));
    }

    [Fact]
    public void Histograms_All_HaveBucketsOfTheirOwnAndThoseOfTimesAreDurations()
    {
        var histograms = Instruments().Where(found => found.Kind == "Histogram").ToArray();

        Assert.NotEmpty(histograms);
        Assert.All(histograms, found => Assert.True(found.HasAdvice, found.ToString()));
        Assert.All(histograms, found => Assert.Equal(found.Unit == "s", found.Name.EndsWith(".duration", StringComparison.Ordinal)));
    }

    [Fact]
    public void UpDownCounters_All_AreSingular()
    {
        var counters = Instruments().Where(found => found.Kind == "UpDownCounter").ToArray();

        Assert.NotEmpty(counters);
        Assert.All(counters, found => Assert.False(found.Name.EndsWith('s'), found.Name));
    }

    [Fact]
    public void Instruments_All_HaveAUnitAndAMeaningAndANameOfTheirOwn()
    {
        Assert.All(Instruments(), found => Assert.True(found is { Unit.Length: > 0, Meaning.Length: > 10 }, found.ToString()));
        Assert.Empty(Instruments().GroupBy(found => found.Name).Where(same => same.Count() > 1).Select(same => same.Key));
    }

    [Fact]
    public void Instruments_CreateCalls_AreAllUnderstood() // else one could be missing from the table unseen
    {
        var calls = Code.Files("src", "plugins").Sum(file => AnyCreation().Count(File.ReadAllText(file)));

        Assert.Equal(calls, Instruments().Count());
    }

    /// <summary>As they are written in the document: MetricsTests, in EndToEnd, compares them with what daemons send.</summary>
    private static string AttributesOf(string name) =>
        File.ReadLines(Path.Combine(Code.Repository, "docs", "metrics.md"))
            .Where(line => line.StartsWith($"| `{name}` |", StringComparison.Ordinal))
            .Select(line => line.Split(" | ")[^1].TrimEnd('|', ' '))
            .FirstOrDefault("");

    private static IEnumerable<(string Name, string Kind, string Unit, string Meaning, bool HasAdvice)> Instruments() =>
        from file in Code.Files("src", "plugins")
        from Match match in Creation().Matches(File.ReadAllText(file))
        let texts = Literal().Matches(match.Groups["rest"].Value).Select(text => text.Groups[1].Value).ToArray()
        let kind = match.Groups["kind"].Value.Replace("Observable", "", StringComparison.Ordinal)
        select (match.Groups["name"].Value, kind, texts.Length > 1 ? texts[^2] : "", texts.Length > 1 ? texts[^1] : "",
            match.Groups["rest"].Value.Contains("tags: null,", StringComparison.Ordinal));

    [GeneratedRegex(
        """\.Create(?<kind>Counter|UpDownCounter|Histogram|Gauge|Observable\w+)(<\w+>)?\(\s*"(?<name>[^"]+)"(?<rest>.*?)\);""",
        RegexOptions.Singleline)]
    private static partial Regex Creation();

    [GeneratedRegex(@"\.Create(Counter|UpDownCounter|Histogram|Gauge|Observable\w+)(<\w+>)?\(")]
    private static partial Regex AnyCreation();

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex Literal();
}
