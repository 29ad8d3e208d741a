using System.Security.Cryptography;
using System.Text;

namespace AptP2P.EndToEnd.Harness;

/// <summary>
/// A small archive as people make them by hand: not signed, and with something odd in its indexes. apt takes it when it is told to trust
/// it.
/// </summary>
/// <param name="Root">Where it is written; a mirror serves it as <c>debian/</c>.</param>
/// <param name="Packages">What it has.</param>
/// <param name="Pool">The root of the repository that the packages are from.</param>
internal sealed record OddArchive(string Root, IReadOnlyList<RepositoryPackage> Packages, string Pool)
{
    /// <summary>The directory of a flat archive; by default it has <c>dists/odd</c>.</summary>
    public string? Flat { get; init; }

    /// <summary>The digests that the packages' stanzas have.</summary>
    public string[] PackageDigests { get; init; } = ["MD5sum", "SHA256"];

    /// <summary>The digests that Release has; none: it names nothing.</summary>
    public string[] ReleaseDigests { get; init; } = ["MD5Sum", "SHA256"];

    public bool HasRelease { get; init; } = true;

    public Func<string, string> EditPackages { get; init; } = text => text;

    public Func<string, string> EditRelease { get; init; } = text => text;

    /// <summary>What stands in the source line after the archive's address.</summary>
    public string Where => Flat is null ? "odd main" : "./";

    /// <summary>Where in the mirror it is.</summary>
    public string Address => Flat is null ? "" : Flat + "/";

    public void Write()
    {
        var release = Directory.CreateDirectory(Path.Combine(Root, Flat ?? "dists/odd")).FullName;
        var folder = Flat is null ? "main/binary-amd64/" : "";
        var stanzas = Packages.Select(package => Stanza(package, $"{(Flat is null ? "pool" : ".")}/{Path.GetFileName(package.Path)}"));
        var index = Encoding.UTF8.GetBytes(EditPackages(string.Join('\n', stanzas)));
        Directory.CreateDirectory(Path.Combine(release, folder));
        File.WriteAllBytes(Path.Combine(release, folder, "Packages"), index);
        if (HasRelease)
        {
            var lists = ReleaseDigests.Select(kind => $"{kind}:\n {Digest(kind, index)} {index.Length} {folder}Packages\n");
            File.WriteAllText(
                Path.Combine(release, "Release"),
                EditRelease(
                    $"Origin: Odd\nSuite: odd\nCodename: odd\nDate: Mon, 01 Jan 2024 00:00:00 UTC\nArchitectures: amd64\nComponents: "
                    + $"main\nDescription: odd\n{string.Concat(lists)}"));
        }
    }

    private string Stanza(RepositoryPackage package, string filename)
    {
        var file = Path.Combine(Root, Flat ?? "pool", Path.GetFileName(package.Path));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Copy(Path.Combine(Pool, package.Path), file, overwrite: true);
        var bytes = File.ReadAllBytes(file);
        return $"Package: {package.Name}\nVersion: {package.Version}\nArchitecture: amd64\n"
            + $"Maintainer: Nobody <nobody@example.org>\nFilename: {filename}\nSize: {bytes.Length}\n"
            + $"{string.Concat(PackageDigests.Select(kind => $"{kind}: {Digest(kind, bytes)}\n"))}Description: odd\n more of it\n";
    }

#pragma warning disable CA5351 // archives have it
    private static string Digest(string kind, byte[] bytes) => Convert.ToHexStringLower(kind switch
    {
        "SHA256" => SHA256.HashData(bytes),
        "SHA512" => SHA512.HashData(bytes),
        _ => MD5.HashData(bytes),
    });
#pragma warning restore CA5351
}
