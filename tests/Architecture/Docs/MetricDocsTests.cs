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
            "metrics.md", "## Our own", "| Name | Kind | Unit | Meaning |",
            instruments.Select(found => $"| `{found.Name}` | {found.Kind} | {found.Unit} | {found.Meaning} |")));
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

    private static IEnumerable<(string Name, string Kind, string Unit, string Meaning)> Instruments() =>
        from file in Code.Files("src", "plugins")
        from Match match in Creation().Matches(File.ReadAllText(file))
        let texts = Literal().Matches(match.Groups["rest"].Value).Select(text => text.Groups[1].Value).ToArray()
        let kind = match.Groups["kind"].Value.Replace("Observable", "", StringComparison.Ordinal)
        select (match.Groups["name"].Value, kind, texts.Length > 1 ? texts[^2] : "", texts.Length > 1 ? texts[^1] : "");

    [GeneratedRegex(
        """\.Create(?<kind>Counter|UpDownCounter|Histogram|Gauge|Observable\w+)(<\w+>)?\(\s*"(?<name>[^"]+)"(?<rest>.*?)\);""",
        RegexOptions.Singleline)]
    private static partial Regex Creation();

    [GeneratedRegex(@"\.Create(Counter|UpDownCounter|Histogram|Gauge|Observable\w+)(<\w+>)?\(")]
    private static partial Regex AnyCreation();

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex Literal();
}
