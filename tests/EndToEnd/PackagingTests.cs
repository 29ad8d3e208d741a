using System.Reflection;
using AptP2P.Testing;

namespace AptP2P.EndToEnd;

/// <summary>How the daemon is kept apart from the rest of the machine.</summary>
public sealed class PackagingTests(SignedRepository repository) : EndToEndTest(repository)
{
    /// <summary>
    /// Of "systemd-analyze security", in tenths: 13 when this was written. What is left open is the network, and what .NET needs.
    /// </summary>
    private const int MaxExposure = 15;

    private static readonly string Packaging = Metadata("Packaging");

    /// <summary>The unit starts the program that the build makes, by the name that users type.</summary>
    [Fact]
    public void Unit_Program_IsWhatTheBuildMakes()
    {
        var program = Path.Combine(Path.GetDirectoryName(Metadata("Host"))!, "apt-p2p");

        Assert.True((File.GetUnixFileMode(program) & UnixFileMode.UserExecute) != 0, program);
        Assert.Contains(
            File.ReadLines(Path.Combine(Packaging, "apt-p2p.service")),
            line => line.StartsWith("ExecStart=/usr/lib/apt-p2p/apt-p2p ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Unit_ForTheServiceManager_IsUnderstoodAndShutsTheDaemonIn()
    {
        if (Tools.FirstMissing("systemd-analyze") is not null)
        {
            throw Requirement.Missing("there is no systemd-analyze");
        }

        var (service, socket) = (Folder("apt-p2p.service"), Folder("apt-p2p.socket"));
        var text = await File.ReadAllTextAsync(Path.Combine(Packaging, "apt-p2p.service"), TestContext.Current.CancellationToken);
        File.Copy(Path.Combine(Packaging, "apt-p2p.socket"), socket);
        await File.WriteAllTextAsync(
            service, text.Replace("/usr/lib/apt-p2p/apt-p2p", "/bin/true", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);

        var verified = (await Command.RunAsync("systemd-analyze", ["verify", "--man=no", service, socket])).Succeeded();
        Assert.DoesNotContain("apt-p2p", verified.Output, StringComparison.Ordinal); // what it does not know, it names and ignores
        (await Command.RunAsync("systemd-analyze", ["security", "--offline=true", $"--threshold={MaxExposure}", service])).Succeeded();
    }

    [Fact]
    public async Task State_OfADaemonAtWork_IsItsUsersAlone()
    {
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
                                    | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        var mirror = await StartMirrorAsync();
        var daemon = await StartDaemonAsync("daemon");
        await NewApt("apt", daemon, mirror).InstallAllAsync(Repository, daemon);

        var made = new DirectoryInfo(daemon.State).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).ToArray();

        Assert.NotEmpty(made.OfType<FileInfo>());
        Assert.All([new DirectoryInfo(daemon.State), .. made], entry => Assert.Equal(UnixFileMode.None, entry.UnixFileMode & others));
    }

    private static string Metadata(string key) => typeof(PackagingTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(item => item.Key == key).Value!;
}
