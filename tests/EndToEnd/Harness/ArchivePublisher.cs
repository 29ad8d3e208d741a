using System.Security.Cryptography;

namespace AptP2P.EndToEnd.Harness;

/// <summary>Writes the indexes of an archive and signs them.</summary>
internal sealed class ArchivePublisher : IAsyncDisposable
{
    private readonly Dictionary<string, string> _gpgHome;
    private readonly string _ftparchive;
    private readonly string _packages;
    private readonly string _sources;

    private ArchivePublisher(string folder, string ftparchive, string packages, string sources)
    {
        _gpgHome = new() { ["GNUPGHOME"] = Path.Combine(folder, "gpg") };
        _ftparchive = ftparchive;
        _packages = packages;
        _sources = sources;
        Keyring = Path.Combine(folder, "archive-keyring.gpg");
    }

    public string Keyring { get; }

    /// <summary>apt-ftparchive: the machine's, or one taken out of its package, which needs no installation.</summary>
    public static async Task<string?> FindToolAsync(string folder)
    {
        if (Tools.Find("apt-ftparchive") is { } installed)
        {
            return installed;
        }

        var download = Directory.CreateDirectory(Path.Combine(folder, "apt-utils")).FullName;
        if ((await Command.RunAsync("apt-get", ["download", "apt-utils"], folder: download)).ExitCode != 0)
        {
            return null;
        }

        (await Command.RunAsync("dpkg-deb", ["-x", Directory.GetFiles(download).Single(), download])).Succeeded();
        return Path.Combine(download, "usr/bin/apt-ftparchive");
    }

    /// <summary>Reads the pool and makes a key.</summary>
    public static async Task<ArchivePublisher> CreateAsync(string folder, string ftparchive, string root)
    {
        var packages = await Command.RunAsync(ftparchive, ["-q=2", "packages", "pool"], folder: root);
        var sources = await Command.RunAsync(ftparchive, ["-q=2", "sources", "pool"], folder: root);
        var publisher = new ArchivePublisher(folder, ftparchive, packages.Succeeded().Output, sources.Succeeded().Output);
        Directory.CreateDirectory(
            publisher._gpgHome["GNUPGHOME"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await publisher.GpgAsync(
            "--passphrase", "", "--quick-gen-key", "Archive for tests <archive@example.org>", "ed25519", "sign", "never");
        await publisher.GpgAsync("--output", publisher.Keyring, "--export");
        return publisher;
    }

    public async Task PublishAsync(string root, Func<string, string>? editText, Action<string>? editFiles, bool byHash)
    {
        var suite = Path.Combine(root, "dists", SignedRepository.Suite);
        var binary = Directory.CreateDirectory(Path.Combine(suite, "main/binary-amd64")).FullName;
        var source = Directory.CreateDirectory(Path.Combine(suite, "main/source")).FullName;
        string[] plain = [Path.Combine(binary, "Packages"), Path.Combine(source, "Sources")];
        await File.WriteAllTextAsync(plain[0], editText is null ? _packages : editText(_packages));
        await File.WriteAllTextAsync(plain[1], _sources);
        foreach (var index in plain)
        {
            (await Command.RunAsync("xz", ["--keep", index])).Succeeded();
            (await Command.RunAsync("gzip", ["--keep", "--no-name", index])).Succeeded();
        }

        editFiles?.Invoke(binary);
        await WriteReleaseAsync(suite, byHash);
        foreach (var index in plain)
        {
            File.Delete(index); // listed in Release but not served, as Debian does
            if (byHash)
            {
                CopyByHash(Path.GetDirectoryName(index)!);
            }
        }
    }

    public async ValueTask DisposeAsync() => await Command.RunAsync("gpgconf", ["--kill", "gpg-agent"], _gpgHome);

    private static void CopyByHash(string folder)
    {
        var names = Directory.CreateDirectory(Path.Combine(folder, "by-hash/SHA256")).FullName;
        foreach (var file in Directory.GetFiles(folder))
        {
            File.Copy(file, Path.Combine(names, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))), overwrite: true);
        }
    }

    private async Task WriteReleaseAsync(string suite, bool byHash)
    {
        (string Field, string Value)[] fields =
        [
            ("Origin", "Test"), ("Label", "Test"), ("Suite", SignedRepository.Suite), ("Codename", SignedRepository.Codename),
            ("Architectures", "amd64"), ("Components", "main"), ("Acquire-By-Hash", byHash ? "yes" : "no"),
            ("SHA1", "no"), ("SHA512", "no"), // as Debian: the strongest hash is the one that by-hash names use
        ];
        var options = fields.SelectMany(field => (string[])["-o", $"APT::FTPArchive::Release::{field.Field}={field.Value}"]);
        var release = Path.Combine(suite, "Release");
        var text = await Command.RunAsync(_ftparchive, ["-q=2", .. options, "release", suite]);
        await File.WriteAllTextAsync(release, text.Succeeded().Output);
        await GpgAsync("--digest-algo", "SHA512", "--clearsign", "--output", Path.Combine(suite, "InRelease"), release);
        await GpgAsync("--digest-algo", "SHA512", "--armor", "--detach-sign", "--output", Path.Combine(suite, "Release.gpg"), release);
    }

    private async Task GpgAsync(params string[] arguments) =>
        (await Command.RunAsync("gpg", ["--batch", "--yes", "--quiet", "--no-tty", .. arguments], _gpgHome)).Succeeded();
}
