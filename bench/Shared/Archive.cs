using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AptP2P.Bench;

/// <summary>A package of an archive.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Below the archive's host, without a slash in front.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Sha256">In lower-case hex.</param>
internal sealed record ArchiveFile(string Name, string Path, int Length, string Sha256);

/// <summary>
/// An archive with packages of given sizes. Only <c>apt-get download</c> and plain clients read them, which look at hashes and not inside,
/// so they are noise; the index is as apt wants it, unsigned.
/// </summary>
internal sealed class Archive
{
    private const int Seed = 9977;

    private Archive(string root, IReadOnlyList<ArchiveFile> files) => (Root, Files) = (root, files);

    /// <summary>The paths that a daemon has to see to know the packages.</summary>
    public static IReadOnlyList<string> Indexes { get; } = ["debian/dists/bench/Release", "debian/dists/bench/main/binary-amd64/Packages"];

    public string Root { get; }

    public IReadOnlyList<ArchiveFile> Files { get; }

    public long Bytes => Files.Sum(file => (long)file.Length);

    public static Archive Write(string root, IReadOnlyList<int> sizes)
    {
        var random = new Random(Seed);
        Directory.CreateDirectory(Path.Combine(root, "debian/pool"));
        var files = sizes
            .Select((size, i) => WriteFile(root, string.Create(CultureInfo.InvariantCulture, $"p{i:0000}"), size, random))
            .ToList();
        var index = new StringBuilder();
        foreach (var file in files)
        {
            index.Append(CultureInfo.InvariantCulture, $"""
                Package: {file.Name}
                Version: 1
                Architecture: amd64
                Filename: {file.Path["debian/".Length..]}
                Size: {file.Length}
                SHA256: {file.Sha256}
                Description: noise


                """);
        }

        WriteIndex(Path.Combine(root, "debian/dists/bench"), Encoding.UTF8.GetBytes(index.ToString()));
        return new Archive(root, files);
    }

    private static ArchiveFile WriteFile(string root, string name, int size, Random random)
    {
        var content = new byte[size];
        random.NextBytes(content);
        var path = $"debian/pool/{name}_1_amd64.deb";
        File.WriteAllBytes(Path.Combine(root, path), content);
        return new ArchiveFile(name, path, size, Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    private static void WriteIndex(string suite, byte[] packages)
    {
        var folder = Directory.CreateDirectory(Path.Combine(suite, "main/binary-amd64")).FullName;
        File.WriteAllBytes(Path.Combine(folder, "Packages"), packages);
        File.WriteAllText(Path.Combine(suite, "Release"), $"""
            Origin: Benchmark
            Suite: bench
            Codename: bench
            Date: Thu, 01 Jan 2026 00:00:00 UTC
            Architectures: amd64
            Components: main
            SHA256:
             {Convert.ToHexStringLower(SHA256.HashData(packages))} {packages.Length} main/binary-amd64/Packages

            """);
    }
}
