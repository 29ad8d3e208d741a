using System.Text.RegularExpressions;
using Xunit;

namespace AptP2P.Architecture.Docs;

/// <summary>docs/problems.md, to which the status page links by a problem's key.</summary>
public sealed partial class ProblemDocsTests
{
    [Fact]
    public void Headings_ComparedWithTheCode_AreTheProblemsThatThereAre()
    {
        var said = Code.Files("src", "plugins")
            .SelectMany(static file => Key().Matches(File.ReadAllText(file)))
            .Select(static key => key.Groups[1].Value)
            .Distinct()
            .Order(StringComparer.Ordinal);
        var explained = File.ReadLines(Path.Combine(Code.Repository, "docs", "problems.md"))
            .Where(static line => line.StartsWith("## ", StringComparison.Ordinal))
            .Select(static line => line[3..]);

        Assert.Equal(said, explained); // in the order of the alphabet
    }

    /// <summary>A problem's key, or what it begins with where it ends with a name.</summary>
    [GeneratedRegex("""new StatusProblem\(\s*\$?"([A-Za-z0-9]+)""")]
    private static partial Regex Key();
}
