using System.Security.Cryptography;

namespace AptP2P.EndToEnd.Harness;

/// <summary>What apt does in most tests, and must have in the end.</summary>
internal static class Downloads
{
    /// <summary>Update, then all packages of the repository; waits until the daemon has stored them.</summary>
    public static async Task InstallAllAsync(this AptRoot apt, SignedRepository repository, Daemon daemon)
    {
        (await apt.UpdateAsync()).Succeeded();
        (await apt.DownloadAsync(repository.Packages.Select(package => package.Name))).Succeeded();
        await daemon.StoresAsync(repository.Packages);
    }

    /// <summary>apt keeps exactly these packages, byte for byte as the repository has them.</summary>
    public static void AssertHas(this AptRoot apt, IReadOnlyCollection<RepositoryPackage> packages)
    {
        var expected = packages.Select(package => package.Sha256).Order(StringComparer.Ordinal);
        var actual = apt.DownloadedArchives().Select(Hash).Order(StringComparer.Ordinal);
        Assert.Equal(expected, actual);
    }

    /// <summary>apt has the repository's source package, byte for byte.</summary>
    public static void AssertHasSource(this AptRoot apt, SignedRepository repository)
    {
        var expected = Directory.GetFiles(Path.Combine(repository.Root, "pool/main/s", PoolBuilder.SourceName));
        Assert.Equal(2, expected.Length);
        Assert.All(expected, file => Assert.Equal(Hash(file), Hash(Path.Combine(apt.SourceFolder, Path.GetFileName(file)))));
    }

    public static string Hash(string file)
    {
        using var content = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }
}
