using System.Text.RegularExpressions;
using Xunit;

namespace AptP2P.Architecture.Docs;

/// <summary>docs/security.md: each threat has an answer, a file that exists, and tests that exist.</summary>
public sealed partial class ThreatTableTests
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
                row.Length == 4 && row[0].Length > 10 && row[1].Length > 10 && Names(row[2]).Any() && Names(row[3]).Any(),
                string.Join(" | ", row)));

    [Fact]
    public void Files_Named_Exist() => Assert.All(
        Rows().SelectMany(row => Names(row[2])), file => Assert.True(File.Exists(Path.Combine(Code.Repository, file)), file));

    [Fact]
    public void Tests_Named_Exist()
    {
        var tests = TestMethods().ToHashSet(StringComparer.Ordinal);

        Assert.All(Rows().SelectMany(row => Names(row[3])), test => Assert.True(tests.Contains(test), test));
    }

    private static string[] Lines() => File.ReadAllLines(Path.Combine(Code.Repository, "docs", "security.md"));

    private static IEnumerable<string[]> Rows() =>
        from line in Lines()
        where line.StartsWith("| ", StringComparison.Ordinal) && line != Header
        select line.Trim('|').Split('|', StringSplitOptions.TrimEntries);

    private static IEnumerable<string> Names(string cell) => Quoted().Matches(cell).Select(match => match.Groups[1].Value);

    /// <summary>What is below a Fact or a Theory, as Class.Method.</summary>
    private static IEnumerable<string> TestMethods() =>
        from file in Code.Files("tests")
        let text = File.ReadAllText(file)
        let type = TestClass().Match(text)
        where type.Success
        from Match method in TestMethod().Matches(text)
        select $"{type.Groups[1].Value}.{method.Groups[1].Value}";

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^public (?:sealed |partial |abstract )*class (\w+Tests)\b", RegexOptions.Multiline)]
    private static partial Regex TestClass();

    [GeneratedRegex(@"\[(?:Fact|Theory)[^\r\n]*\n(?:[^\r\n]*\n){0,60}?    public (?:async )?(?:Task|ValueTask|void) (\w+)\(")]
    private static partial Regex TestMethod();
}
