using System.Security.Cryptography;
using System.Text;

namespace AptP2P.EndToEnd.Harness;

/// <summary>
/// Builds the pool: real packages, made by dpkg-deb, of the sizes that archives have. The content comes from a fixed seed and the dates are
/// fixed, so that each run has the same files.
/// </summary>
internal static class PoolBuilder
{
    private const int Seed = 9977;

    // Payloads in bytes; dpkg-deb adds about 700. Small files decide about latency, few large ones hold most bytes; some lie just
    // beside the limits of 64 KiB (small files) and 512 KiB (one piece).
    private static readonly (string Name, string Version, int Payload)[] Binaries =
    [
        ("aa-tiny", "1.0", 200),
        ("bb-2k", "1.0-1", 2_000),
        ("g++-cc", "4:12.2.0-3", 5_000),
        ("libdd++6", "1.0~rc1-1", 9_000),
        ("ee", "2.1+dfsg-1", 16_000),
        ("ff", "2.1~beta+ds1-1+b2", 25_000),
        ("gg", "0.1-1", 40_000),
        ("hh", "0.1-1", 55_000),
        ("below-64k", "1.0-1", 64_000),
        ("above-64k", "1.0-1", 65_600),
        ("kk", "1.0-1~deb12u1", 80_000),
        ("ll", "1.0-1", 120_000),
        ("mm", "1.0-1", 200_000),
        ("nn", "1.0-1", 300_000),
        ("oo", "1.0-1", 400_000),
        ("below-piece", "1.0-1", 522_000),
        ("above-piece", "1.0-1", 525_000),
        ("rr", "1:1.0-1", 700_000),
        ("ss+data", "1.0-1", 1_000_000),
        ("tt", "1.0-1", 1_300_000),
        ("uu", "1.0+git20260101~1", 1_800_000),
        ("vv", "1.0-1", 2_200_000),
        ("ww", "1.0-1", 3_000_000),
        ("xx-big", "1.0-1", 6_000_000),
    ];

    public const string SourceName = "ss-source";

    private static readonly Dictionary<string, string> FixedDates = new() { ["SOURCE_DATE_EPOCH"] = "1767225600" };

    /// <summary>Fills <c>pool/</c> under the root.</summary>
    /// <returns>The binary packages, the smallest first.</returns>
    public static async Task<IReadOnlyList<RepositoryPackage>> BuildAsync(string root, string scratch)
    {
        var packages = new List<RepositoryPackage>();
        foreach (var (name, version, payload) in Binaries)
        {
            var fileVersion = version[(version.IndexOf(':', StringComparison.Ordinal) + 1)..]; // an epoch is not part of the file's name
            var path = $"pool/main/{name[0]}/{name}/{name}_{fileVersion}_amd64.deb";
            var tree = Path.Combine(scratch, name);
            Write(tree, "DEBIAN/control", Encoding.UTF8.GetBytes($"""
                Package: {name}
                Version: {version}
                Architecture: amd64
                Maintainer: Nobody <nobody@example.org>
                Section: misc
                Priority: optional
                Description: {payload} bytes for a test

                """));
            Write(tree, $"usr/share/{name}/blob", Noise(Seed + packages.Count, payload));
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, path))!);
            (
                await Command.RunAsync(
                    "dpkg-deb", ["-Zgzip", "-z1", "--root-owner-group", "-b", tree, Path.Combine(root, path)], FixedDates)
            ).Succeeded();
            packages.Add(await DescribeAsync(root, path, name, version));
        }

        WriteSource(root);
        return packages;
    }

    /// <summary>A native source package. Nobody unpacks it, so its archive may hold anything.</summary>
    private static void WriteSource(string root)
    {
        const string folder = $"pool/main/s/{SourceName}";
        const string archive = $"{SourceName}_1.0+dfsg.tar.xz";
        var content = Noise(Seed - 1, 900_000);
        Write(root, $"{folder}/{archive}", content);
#pragma warning disable CA5351 // the .dsc format has an MD5 field
        var md5 = Convert.ToHexStringLower(MD5.HashData(content));
#pragma warning restore CA5351
        Write(root, $"{folder}/{SourceName}_1.0+dfsg.dsc", Encoding.UTF8.GetBytes($"""
            Format: 3.0 (native)
            Source: {SourceName}
            Binary: {SourceName}
            Architecture: any
            Version: 1.0+dfsg
            Maintainer: Nobody <nobody@example.org>
            Standards-Version: 4.6.2
            Checksums-Sha256:
             {Convert.ToHexStringLower(SHA256.HashData(content))} {content.Length} {archive}
            Files:
             {md5} {content.Length} {archive}

            """));
    }

    private static async Task<RepositoryPackage> DescribeAsync(string root, string path, string name, string version)
    {
        await using var file = File.OpenRead(Path.Combine(root, path));
        return new(name, version, path, file.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(file)));
    }

    private static byte[] Noise(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static void Write(string root, string path, byte[] content)
    {
        var file = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, content);
    }
}
