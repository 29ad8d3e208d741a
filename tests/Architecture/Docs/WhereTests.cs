using Xunit;

namespace AptP2P.Architecture.Docs;

/// <summary>docs/how-it-works.md, "Where to look": each file is there and has the method, and each test exists.</summary>
public sealed class WhereTests
{
    private const string Header = "| What | Where | Method | Test |";

    [Fact]
    public void Folders_OfTheHost_AreAllNamed() =>
        Assert.Equal(
            Directory.EnumerateDirectories(Path.Combine(Code.Repository, "src", "Host"))
                .Where(folder => Directory.EnumerateFiles(folder, "*.cs").Any() || Directory.EnumerateDirectories(folder).Any())
                .Select(folder => Path.GetFileName(folder)!)
                .Except(["bin", "obj"])
                .Order(StringComparer.Ordinal),
            Rows("| Folder | Holds |").SelectMany(row => Named.In(row[0])).Order(StringComparer.Ordinal));

    [Fact]
    public void Rows_All_NameWhatIsThere()
    {
        var rows = Rows(Header);

        Assert.NotEmpty(rows);
        Assert.All(rows, row =>
        {
            var file = Assert.Single(Named.In(row[1]));
            Named.AssertIsFile(file);
            var method = Assert.Single(Named.In(row[2]));
            Assert.Contains($" {method}(", File.ReadAllText(Path.Combine(Code.Repository, file)), StringComparison.Ordinal);
            Assert.All(Named.In(row[3]), Named.AssertIsTest);
        });
    }

    private static string[][] Rows(string header) =>
    [
        .. File.ReadLines(Path.Combine(Code.Repository, "docs", "how-it-works.md"))
            .SkipWhile(line => line != header)
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)),
    ];
}
