using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace AptP2P.EndToEnd;

/// <summary>An archive that changes, and one without by-hash names: apt gets what its InRelease names, and each index once.</summary>
public sealed class ArchiveStateTests(SignedRepository repository) : EndToEndTest(repository)
{
    private const string PlainNamesOnly = "Acquire::By-Hash=no";

    private int _states;

    private string Www => Folder("www");

    [Fact]
    public async Task Download_FileRebuiltUnderItsName_IsTheNewOne()
    {
        var package = Repository.Package("nn");
        await ServeAsync("first");
        var mirror = await StartMirrorAsync(Www);
        var daemon = await StartDaemonAsync("daemon");
        var apt = NewApt("apt", daemon, mirror);
        (await apt.UpdateAsync()).Succeeded();
        (await apt.DownloadAsync(package.Name)).Succeeded();
        await daemon.StoresAsync(package);

        var rebuilt = RandomNumberGenerator.GetBytes(200_000);
        await ServeAsync("second", text => Rebuild(text, package, rebuilt));
        Replace(Path.Combine(Www, package.Path), rebuilt);
        apt.ForgetArchives();
        (await apt.UpdateAsync()).Succeeded();
        (await apt.DownloadAsync(package.Name)).Succeeded();

        Assert.Equal(rebuilt, await File.ReadAllBytesAsync(Assert.Single(apt.DownloadedArchives()), TestContext.Current.CancellationToken));
        Assert.Equal(rebuilt.Length + package.Length, mirror.BytesSent(package.RequestPath));
    }

    [Fact]
    public async Task Download_RebuiltAndUpdatedPastTheDaemon_IsTheNewOne()
    {
        var package = Repository.Package("nn");
        await ServeAsync("first");
        var mirror = await StartMirrorAsync(Www);
        var daemon = await StartDaemonAsync("daemon");
        var before = NewApt("before", daemon, mirror);
        (await before.UpdateAsync()).Succeeded();
        (await before.DownloadAsync(package.Name)).Succeeded();
        await daemon.StoresAsync(package);

        var rebuilt = RandomNumberGenerator.GetBytes(200_000);
        await ServeAsync("second", text => Rebuild(text, package, rebuilt));
        Replace(Path.Combine(Www, package.Path), rebuilt);
        var apt = NewApt("apt").WithSources(Repository.SourceLine(mirror.Address));
        (await apt.UpdateAsync()).Succeeded(); // nothing here tells the daemon
        apt.ThroughProxy(daemon);
        (await apt.DownloadAsync(package.Name)).Succeeded();

        Assert.Equal(rebuilt, await File.ReadAllBytesAsync(Assert.Single(apt.DownloadedArchives()), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Update_APackageWasReplaced_NobodyHearsOfTheOldOneAnyMore()
    {
        var package = Repository.Package("nn");
        await ServeAsync("first");
        var mirror = await StartMirrorAsync(Www);
        var daemon = await StartDaemonAsync("daemon");
        var apt = NewApt("apt", daemon, mirror);
        (await apt.UpdateAsync()).Succeeded();
        (await apt.DownloadAsync(package.Name)).Succeeded();
        await daemon.StoresAsync(package);
        await daemon.AnnouncesAsync(files: 3); // Packages, Sources and it
        Assert.True(await GivesAsync(daemon, package.Sha256));

        await ServeAsync("second", text => Rebuild(text, package, RandomNumberGenerator.GetBytes(200_000)));
        (await apt.UpdateAsync()).Succeeded();
        await daemon.StoresAsync(files: 4); // the other Packages too

        await daemon.AnnouncesAsync(files: 2);
        Assert.False(await GivesAsync(daemon, package.Sha256));
        Assert.False(await GivesAsync(daemon, Downloads.Hash(IndexFile("Packages.xz", "first"))));
        Assert.True(await GivesAsync(daemon, Downloads.Hash(IndexFile("Packages.xz", "second"))));
        await daemon.StopAsync();
        await daemon.StartAsync();
        await daemon.AnnouncesAsync(files: 2);
        Assert.False(await GivesAsync(daemon, package.Sha256));
    }

    [Fact]
    public async Task Update_ArchiveWithoutByHash_GetsAnIndexOnceForAsLongAsItIsTheSame()
    {
        await ServeAsync("first", byHash: false);
        var mirror = await StartMirrorAsync(Www);
        var daemon = await StartDaemonAsync("daemon");
        (await NewApt("first", daemon, mirror).UpdateAsync()).Succeeded();
        Assert.Equal(IndexLength("Packages.xz"), mirror.BytesSent("/Packages.xz"));
        (await NewApt("second", daemon, mirror).UpdateAsync()).Succeeded();

        await ServeAsync("second", text => text + "\n", byHash: false); // another InRelease, the same Sources
        (await NewApt("third", daemon, mirror).UpdateAsync()).Succeeded();

        Assert.Equal(IndexLength("Packages.xz", "first", "second"), mirror.BytesSent("/Packages.xz"));
        Assert.Equal(IndexLength("Sources.xz"), mirror.BytesSent("/Sources.xz"));
    }

    [Fact]
    public async Task Update_PlainNamesOfWhatWasFetchedByHash_TakesNoIndexFromTheMirror()
    {
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon");
        (await NewApt("first", daemon, mirror).UpdateAsync()).Succeeded();
        await daemon.LearnsAsync();
        mirror.Forget();

        (await NewApt("second", daemon, mirror).WithOption(PlainNamesOnly).UpdateAsync()).Succeeded();

        Assert.DoesNotContain(mirror.Log, request => request.Target.EndsWith(".xz", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Update_PlainNameIsNotWhatReleaseNames_IsAskedForByHash()
    {
        await ServeAsync("skewed");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Www, "dists"), "*.xz", SearchOption.AllDirectories))
        {
            // of the right size: found out at its end
            File.WriteAllBytes(file, RandomNumberGenerator.GetBytes((int)new FileInfo(file).Length));
        }

        var mirror = await StartMirrorAsync(Www);
        var daemon = await StartDaemonAsync("daemon");

        (await NewApt("direct").WithSources(Repository.SourceLine(mirror.Address)).WithOption(PlainNamesOnly).UpdateAsync()).Failed();
        (await NewApt("apt", daemon, mirror).WithOption(PlainNamesOnly).UpdateAsync()).Succeeded();
    }

    [Fact]
    public async Task Update_PlainNameIsOlderAtTheFirstMirror_IsTakenFromTheNext()
    {
        await ServeAsync("old", byHash: false);
        var old = File.ReadAllBytes(IndexFile("Packages.xz", "old"));
        await ServeAsync(
            "new",
            text =>
                text
                + "Package: another\nVersion: 1\nArchitecture: amd64\nFilename: pool/x.deb\nSize: 1\nSHA256: "
                + new string('0', 64)
                + "\n",
            byHash: false);
        await ServeAsync("behind", from: "new");
        Replace(IndexFile("Packages.xz", "behind"), old);
        var (first, second) = (await StartMirrorAsync(Folder("behind")), await StartMirrorAsync(Folder("new")));
        var daemon = await StartDaemonAsync("daemon", $"--Origins:Mirrors={first.Address}debian {second.Address}debian");

        (await NewApt("direct").WithSources(Repository.SourceLine(first.Address)).UpdateAsync()).Failed();
        (await NewApt("apt", daemon, first).UpdateAsync()).Succeeded();

        Assert.Equal(IndexLength("Packages.xz", "new"), second.BytesSent("/Packages.xz"));
    }

    [Fact]
    public async Task Download_FlatArchiveInASubDirectory_IsKnownByItsNamesFromTheUri()
    {
        var package = Repository.Package("nn");
        var folder = Directory.CreateDirectory(Folder("flat/binary")).FullName;
        File.Copy(Path.Combine(Repository.Root, package.Path), Path.Combine(folder, package.FileName));
        var stanza =
            $"Package: nn\nVersion: {package.Version}\nArchitecture: amd64\nMaintainer: A <a@example.org>\nFilename: "
            + $"binary/{package.FileName}\n"
            + $"Size: {package.Length}\nSHA256: {package.Sha256}\nDescription: one\n";
        await File.WriteAllTextAsync(Path.Combine(folder, "Packages"), stanza, TestContext.Current.CancellationToken);
        var hash = Downloads.Hash(Path.Combine(folder, "Packages"));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "Release"), $"Date: Thu, 01 Jan 2026 00:00:00 UTC\nSHA256:\n {hash} {stanza.Length} Packages\n",
            TestContext.Current.CancellationToken);
        var mirror = await StartMirrorAsync(Folder("flat"));
        var daemon = await StartDaemonAsync("daemon");
        var apt = NewApt("apt").WithBinarySources($"[trusted=yes] {Through(daemon, mirror)}debian binary/");

        (await apt.UpdateAsync()).Succeeded();
        (await apt.DownloadAsync(package.Name)).Succeeded();

        apt.AssertHas([package]);
        await daemon.StoresAsync(package);
    }

    /// <summary>Publishes a state of the archive with a pool of its own, and has the mirror serve it.</summary>
    private async Task ServeAsync(string state, Func<string, string>? editText = null, bool byHash = true, string? from = null)
    {
        var folder = Folder(state);
        if (from is null)
        {
            await Repository.PublishAsync(folder, editText, byHash: byHash);
            Directory.Delete(Path.Combine(folder, "pool"));
            Copy(Path.Combine(Repository.Root, "pool"), Path.Combine(folder, "pool"));
        }
        else
        {
            Copy(Folder(from), folder);
        }

        var changed = new DateTime(2026, 1, 1, _states++, 0, 0, DateTimeKind.Utc); // mirrors tell states of a file by seconds
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "dists"), "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, changed);
        }

        File.Delete(Www);
        File.CreateSymbolicLink(Www, folder);
    }

    private static async Task<bool> GivesAsync(Daemon daemon, string sha256)
    {
        using var client = daemon.NewClient();
        var path = $".well-known/ni/sha-256/{Base64Url.EncodeToString(Convert.FromHexString(sha256))}";
        using var answer = await client.GetAsync(new Uri(daemon.Address, path), TestContext.Current.CancellationToken);
        return answer.IsSuccessStatusCode;
    }

    private string IndexFile(string name, string state = "first") =>
        Path.Combine(Folder(state), "dists", SignedRepository.Suite, "main", name.StartsWith('P') ? "binary-amd64" : "source", name);

    private long IndexLength(string name, params string[] states) =>
        (states is [] ? ["first"] : states).Sum(state => new FileInfo(IndexFile(name, state)).Length);

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static void Replace(string file, byte[] bytes) => File.WriteAllBytes(file, bytes);

    private static string Rebuild(string text, RepositoryPackage package, byte[] bytes) =>
        Regex.Replace(
            Regex.Replace(
                text, $"^Size: {package.Length}\nMD5sum: [^\n]*\nSHA1: [^\n]*\n", "Size: " + package.Length + "\n", RegexOptions.Multiline),
            $"^Size: {package.Length}\nSHA256: {package.Sha256}\n(SHA512: [^\n]*\n)?",
            $"Size: {bytes.Length}\nSHA256: {Convert.ToHexStringLower(SHA256.HashData(bytes))}\n",
            RegexOptions.Multiline);
}
