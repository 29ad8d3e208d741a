using Xunit;

namespace AptP2P.Architecture.Docs;

/// <summary>What is written for people is wrapped evenly, so that a change of a word is a change of a line.</summary>
public sealed class ProseTests
{
    private const int Width = 120;

    public static TheoryData<string> Documents =>
    [
        .. Directory.EnumerateFiles(Code.Repository, "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(Code.Repository, "docs"), "*.md"))
            .Select(file => Path.GetRelativePath(Code.Repository, file))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Lines_OfProse_AreWrapped(string document)
    {
        var isCode = false;
        foreach (var (number, line) in File.ReadLines(Path.Combine(Code.Repository, document)).Index())
        {
            isCode ^= line.StartsWith("```", StringComparison.Ordinal);
            var isWhole = isCode || line.StartsWith('|') || line.StartsWith("    ", StringComparison.Ordinal); // tables and commands
            Assert.True(isWhole || line.Length <= Width, $"{document}:{number + 1} has {line.Length} columns of {Width}: wrap it");
        }
    }
}
