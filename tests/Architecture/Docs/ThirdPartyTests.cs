using System.Text.Json.Nodes;
using Xunit;

namespace AptP2P.Architecture.Docs;

/// <summary>THIRD-PARTY.md names each library of others that a build gives to a user, in its version and with its licence.</summary>
public sealed class ThirdPartyTests
{
    private const string Header = "| Library | Version | Licence | Copyright | Home |";

    /// <summary>What an asset of a package is called in a .deps.json.</summary>
    private static readonly string[] Assets = ["runtime", "native", "runtimeTargets"];

    [Fact]
    public void Libraries_ThatAreShipped_AreNamedInTheirVersion() => Assert.Equal(
        Shipped().Select(library => library.Name).Distinct().Order(StringComparer.Ordinal),
        Rows().Select(row => $"{row[0]}/{row[1]}").Order(StringComparer.Ordinal));

    [Fact]
    public void Libraries_All_HaveALicenceAHolderAndAHome() => Assert.All(Rows(), row =>
    {
        Assert.DoesNotContain("", row);
        Assert.StartsWith("<https://", row[4], StringComparison.Ordinal);
    });

    [Fact]
    public void Files_ThatLieInTheBuild_AreOursOrOfALibrary() // else one that a package's description does not name could slip in
    {
        var known = Shipped().Select(library => library.File).ToHashSet(StringComparer.Ordinal);
        var found = Directory.EnumerateFiles(Code.HostFolder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetFileName(file))
            .Where(file => Path.GetExtension(file) is ".dll" or ".so" or ".dylib" or ".a" && !IsOurs(file));

        Assert.Empty(found.Where(file => !known.Contains(file)).Distinct());
    }

    private static IEnumerable<string[]> Rows() =>
        File.ReadLines(Path.Combine(Code.Repository, "THIRD-PARTY.md"))
            .SkipWhile(line => line != Header)
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));

    private static bool IsOurs(string file) =>
        file.StartsWith("AptP2P.", StringComparison.Ordinal) || file == $"{Code.Host.GetName().Name}.dll";

    /// <summary>Each file that a package brings, by what the build has written down beside the host and the plugins.</summary>
    private static IEnumerable<(string Name, string File)> Shipped() =>
        from description in Directory.EnumerateFiles(Code.HostFolder, "*.deps.json", SearchOption.AllDirectories)
        let json = JsonNode.Parse(File.ReadAllText(description))!
        from target in json["targets"]!.AsObject()
        from library in target.Value!.AsObject()
        where (string?)json["libraries"]![library.Key]!["type"] == "package"
        from kind in Assets
        from file in library.Value![kind]?.AsObject() ?? []
        select (library.Key, Path.GetFileName(file.Key));
}
