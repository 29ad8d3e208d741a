using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AptP2P.Bench.Soak;

/// <summary>
/// An archive as <see cref="Archive"/>'s, whose packages get new versions: so catalogs learn again and again, and what stores have is
/// superseded. Files go some publications after the last index that named them, as in an archive whose mirrors lag.
/// </summary>
internal sealed class LivingArchive
{
    public const string Release = "debian/dists/bench/Release";

    private const string Index = "main/binary-amd64";
    private const int Smallest = 1 << 10;
    private const int Largest = 20 << 20;
    private const int KeptPublications = 4;

    private readonly string _root;
    private readonly Random _random;
    private readonly int[] _sizes;
    private readonly ArchiveFile[] _current;
    private readonly Queue<IReadOnlyList<string>> _unnamed = new();
    private int _publications;

    public LivingArchive(string root, int packages, Random random)
    {
        (_root, _random) = (root, random);
        const double Span = (double)Largest / Smallest;
        _sizes = [.. Enumerable.Range(0, packages).Select(i => (int)(Smallest * Math.Pow(Span, i / (packages - 1.0))))];
        Directory.CreateDirectory(Path.Combine(root, "debian/pool"));
        _current = [.. Enumerable.Range(0, packages).Select(WriteFile)];
        Publish();
    }

    public string Root => _root;

    public long Bytes => _current.Sum(file => (long)file.Length);

    /// <summary>Gives some packages new versions.</summary>
    public void Publish(int packages)
    {
        _publications++;
        var gone = new List<string>();
        foreach (var i in Enumerable.Range(0, packages).Select(_ => _random.Next(_sizes.Length)).Distinct())
        {
            gone.Add(Path.Combine(_root, _current[i].Path));
            _current[i] = WriteFile(i);
        }

        Publish();
        _unnamed.Enqueue(gone);
        if (_unnamed.Count > KeptPublications)
        {
            _unnamed.Dequeue().ToList().ForEach(File.Delete);
        }
    }

    /// <summary>What a Packages file names.</summary>
    public static IReadOnlyList<ArchiveFile> Read(string packages) =>
        [
            .. packages
                .Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .Select(stanza =>
                    stanza
                        .Split('\n')
                        .ToDictionary(
                            line => line[..line.IndexOf(':', StringComparison.Ordinal)],
                            line => line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..]))
                .Select(fields => new ArchiveFile(
                    fields["Package"], $"debian/{fields["Filename"]}", int.Parse(fields["Size"], CultureInfo.InvariantCulture),
                    fields["SHA256"])),
        ];

    /// <summary>Where a Release says that the index is, and its hash.</summary>
    public static (string Path, string Sha256) FindIndex(string release)
    {
        var row = release.Split('\n').First(line => line.EndsWith($"{Index}/Packages", StringComparison.Ordinal));
        var hash = row.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return ($"debian/dists/bench/{Index}/by-hash/SHA256/{hash}", hash);
    }

    private void Publish()
    {
        var text = string.Concat(_current.Select(file => string.Create(CultureInfo.InvariantCulture, $"""
            Package: {file.Name}
            Version: {_publications}
            Architecture: amd64
            Filename: {file.Path["debian/".Length..]}
            Size: {file.Length}
            SHA256: {file.Sha256}


            """)));
        var packages = Encoding.UTF8.GetBytes(text);
        var hash = Convert.ToHexStringLower(SHA256.HashData(packages));
        Write($"debian/dists/bench/{Index}/by-hash/SHA256/{hash}", packages);
        Write($"debian/dists/bench/{Index}/Packages", packages);
        Write(Release, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
            Origin: Benchmark
            Suite: bench
            Codename: bench
            Date: {TimeProvider.System.GetUtcNow():ddd, dd MMM yyyy HH:mm:ss} UTC
            Acquire-By-Hash: yes
            Architectures: amd64
            Components: main
            SHA256:
             {hash} {packages.Length} {Index}/Packages

            """)));
    }

    private ArchiveFile WriteFile(int i)
    {
        var content = new byte[_sizes[i]];
        _random.NextBytes(content);
        var name = string.Create(CultureInfo.InvariantCulture, $"p{i:0000}");
        var path = string.Create(CultureInfo.InvariantCulture, $"debian/pool/{name}_{_publications}_amd64.deb");
        Write(path, content);
        return new ArchiveFile(name, path, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    private void Write(string path, byte[] content)
    {
        var file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes($"{file}.new", content);
        File.Move($"{file}.new", file, overwrite: true);
    }
}
