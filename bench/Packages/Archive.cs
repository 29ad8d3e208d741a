using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AptP2P.Bench.Packages;

/// <summary>
/// An archive of packages whose sizes are those of a real one. Only <c>apt-get download</c> reads them, which looks at hashes and not inside,
/// so they are noise; the index is as apt wants it, unsigned.
/// </summary>
internal sealed class Archive
{
    private const int Seed = 9977;

    private Archive(IReadOnlyList<string> packages, long bytes) => (Packages, Bytes) = (packages, bytes);

    public IReadOnlyList<string> Packages { get; }

    public long Bytes { get; }

    public static Archive Write(string root, int files)
    {
        var random = new Random(Seed);
        var all = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "sizes.txt")).Where(line => line[0] != '#')
            .Select(line => int.Parse(line, CultureInfo.InvariantCulture)).ToList();
        var sizes = Enumerable.Range(0, files).Select(i => all[(int)((i + 0.5) * all.Count / files)]).ToArray();
        random.Shuffle(sizes); // large and small take turns, as in a real installation
        var pool = Directory.CreateDirectory(Path.Combine(root, "debian/pool")).FullName;
        var index = new StringBuilder();
        var names = new List<string>();
        for (var i = 0; i < sizes.Length; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"p{i:0000}");
            var content = new byte[sizes[i]];
            random.NextBytes(content);
            File.WriteAllBytes(Path.Combine(pool, $"{name}_1_amd64.deb"), content);
            index.Append(CultureInfo.InvariantCulture, $"""
                Package: {name}
                Version: 1
                Architecture: amd64
                Filename: pool/{name}_1_amd64.deb
                Size: {content.Length}
                SHA256: {Convert.ToHexStringLower(SHA256.HashData(content))}
                Description: noise


                """);
            names.Add(name);
        }

        WriteIndex(Path.Combine(root, "debian/dists/bench"), Encoding.UTF8.GetBytes(index.ToString()));
        return new Archive(names, sizes.Sum(size => (long)size));
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
