using System.Text.RegularExpressions;
using AptP2P.Testing;

namespace AptP2P.EndToEnd;

/// <summary>
/// Programs other than apt that get packages through the daemon, each of them twice: the second time the mirror sends none.
/// </summary>
public sealed partial class OtherClientsTests(SignedRepository repository) : EndToEndTest(repository)
{
    [Fact]
    public async Task Wget_WithTimestamps_GetsNothingAgain()
    {
        Need("wget");
        var (mirror, daemon) = await StartAsync();
        var addresses = Repository.Packages.Select(package => Address(daemon, mirror, package));
        string[] arguments = ["--timestamping", "--server-response", "--directory-prefix", Folder("wget"), .. addresses];
        var first = (await Command.RunAsync("wget", arguments)).Succeeded();
        await daemon.StoresAsync(Repository.Packages);
        await daemon.StopAsync();
        await daemon.StartAsync(); // what it told of the files, it still knows
        mirror.Forget();

        var second = (await Command.RunAsync("wget", arguments)).Succeeded();

        AssertHas(Folder("wget"), Repository.Packages);
        Assert.Equal(Repository.Packages.Count, Count(first, "200 OK"));
        Assert.Equal(Repository.Packages.Count, Count(second, "304 Not Modified"));
        Assert.Empty(mirror.Log);
    }

    [Fact]
    public async Task Aria2_SeveralConnections_GetsTheFileOnce()
    {
        Need("aria2c");
        var (mirror, daemon) = await StartAsync();
        var package = Repository.Package("xx-big");
        foreach (var folder in (string[])["first", "second"])
        {
            string[] together = ["--max-connection-per-server=4", "--split=4", "--min-split-size=1M"];
            (
                await Command.RunAsync("aria2c", ["--no-conf", .. together, "--dir", Folder(folder), Address(daemon, mirror, package)])
            ).Succeeded();
            AssertHas(Folder(folder), [package]);
            await daemon.StoresAsync(package);
        }

        Assert.Equal(package.Length, mirror.BytesSent(package.RequestPath));
    }

    [Fact]
    public async Task Debmirror_SecondMirror_TakesNoPackageFromTheOrigin()
    {
        Need("debmirror");
        var root = Folder("archive");
        await Repository.PublishAsync(root);
        // which debmirror goes by
        Directory.CreateSymbolicLink(Path.Combine(root, "dists", SignedRepository.Codename), SignedRepository.Suite);
        var mirror = await StartMirrorAsync(root);
        var daemon = await StartDaemonAsync("daemon");
        foreach (var folder in (string[])["first", "second"])
        {
            mirror.Forget();
            (
                await Command.RunAsync(
                    "debmirror",
                    [
                        Folder(folder),
                        "--method=http",
                        $"--host={daemon.EndPoint}",
                        $"--root=/{mirror.Address.Authority}/debian",
                        $"--dist={SignedRepository.Codename}",
                        "--section=main",
                        "--arch=amd64",
                        "--nosource",
                        "--rsync-extra=none",
                        $"--keyring={Repository.Keyring}",
                    ],
                    new Dictionary<string, string> { ["HOME"] = Folder("home") })
            ).Succeeded();
            AssertHas(Folder(folder), Repository.Packages);
            await daemon.StoresAsync(Repository.Packages);
        }

        AssertNoPackage(mirror);
    }

    [Fact]
    public async Task Debootstrap_SecondSystem_TakesNoPackageFromTheMirror()
    {
        Need("debootstrap", "wget");
        var root = Folder("archive");
        RepositoryPackage[] required = [.. Repository.Packages.Take(6)];
        await Repository.PublishAsync(root, text => AsBase(text, required)); // what debootstrap takes by itself
        var mirror = await StartMirrorAsync(root);
        var daemon = await StartDaemonAsync("daemon");
        foreach (var folder in (string[])["first", "second"])
        {
            mirror.Forget();
            string[] options = ["--download-only", "--variant=minbase", "--arch=amd64", $"--keyring={Repository.Keyring}"];
            (
                await Command.RunAsync(
                    "debootstrap", [.. options, SignedRepository.Suite, Folder(folder), $"{Through(daemon, mirror)}debian"])
            ).Succeeded();
            AssertHas(Path.Combine(Folder(folder), "var/cache/apt/archives"), required);
            await daemon.StoresAsync(required);
        }

        AssertNoPackage(mirror);
    }

    private static void Need(params string[] programs)
    {
        if (Tools.FirstMissing(programs) is { } missing)
        {
            throw Requirement.Missing($"the program {missing} is missing");
        }
    }

    /// <summary>A daemon that has learned what the archive has.</summary>
    private async Task<(Mirror Mirror, Daemon Daemon)> StartAsync()
    {
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon");
        (await NewApt("apt", daemon, mirror).UpdateAsync()).Succeeded();
        return (mirror, daemon);
    }

    private static string Address(Daemon daemon, Mirror mirror, RepositoryPackage package) =>
        $"{Through(daemon, mirror)}debian/{package.RequestPath}";

    private static void AssertHas(string folder, IReadOnlyCollection<RepositoryPackage> packages) => Assert.Equal(
        packages.Select(package => package.Sha256).Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(folder, "*.deb", SearchOption.AllDirectories).Select(Downloads.Hash).Order(StringComparer.Ordinal));

    private static void AssertNoPackage(Mirror mirror)
    {
        Assert.NotEmpty(mirror.Log); // it was asked for what may have changed
        Assert.DoesNotContain(mirror.Log, request => request.Target.Contains("/pool/", StringComparison.Ordinal));
    }

    /// <summary>The packages of a base system: these, the first by the name of apt itself.</summary>
    private static string AsBase(string text, RepositoryPackage[] packages)
    {
        foreach (var package in packages)
        {
            var stanza = text.IndexOf($"Package: {package.Name}\n", StringComparison.Ordinal);
            var priority = text.IndexOf("Priority: optional", stanza, StringComparison.Ordinal);
            text = text[..priority] + "Priority: required" + text[(priority + "Priority: optional".Length)..];
        }

        return text.Replace($"Package: {packages[0].Name}\n", "Package: apt\n", StringComparison.Ordinal);
    }

    private static int Count(CommandResult result, string status) =>
        StatusLine().Matches(result.Output).Count(line => line.Groups[1].Value.Equals(status, StringComparison.Ordinal));

    [GeneratedRegex(@"^\s*HTTP/1\.1 (\d+ .+?)\s*$", RegexOptions.Multiline)]
    private static partial Regex StatusLine();
}
