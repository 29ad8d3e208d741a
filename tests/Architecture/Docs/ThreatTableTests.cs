using Xunit;

namespace AptP2P.Architecture.Docs;

/// <summary>docs/security.md: each threat has an answer, a file that exists, and tests that exist.</summary>
public sealed class ThreatTableTests
{
    private const string Header = "| Threat | Answer | File | Test |";

    [Fact]
    public void Tables_All_HaveTheSameColumns()
    {
        var headers = Lines()
            .Zip(Lines().Skip(1))
            .Where(pair => pair.Second.StartsWith("|-", StringComparison.Ordinal))
            .Select(pair => pair.First);

        Assert.All(headers, header => Assert.Equal(Header, header));
    }

    [Fact]
    public void Threats_All_AreAnswered() =>
        Assert.All(Rows(), row =>
            Assert.True(
                row.Length == 4 && row[0].Length > 10 && row[1].Length > 10 && Named.In(row[2]).Any() && Named.In(row[3]).Any(),
                string.Join(" | ", row)));

    [Fact]
    public void Files_Named_Exist() => Assert.All(Rows().SelectMany(row => Named.In(row[2])), Named.AssertIsFile);

    [Fact]
    public void Tests_Named_Exist() => Assert.All(Rows().SelectMany(row => Named.In(row[3])), Named.AssertIsTest);

    private static string[] Lines() => File.ReadAllLines(Path.Combine(Code.Repository, "docs", "security.md"));

    private static IEnumerable<string[]> Rows() =>
        from line in Lines()
        where line.StartsWith("| ", StringComparison.Ordinal) && line != Header
        select line.Trim('|').Split('|', StringSplitOptions.TrimEntries);
}
