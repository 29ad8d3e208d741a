using System.Diagnostics;
using System.Reflection;
using AptP2P.Host.Daemon;
using AptP2P.Host.Tests.Plugins;
using Xunit;

namespace AptP2P.Host.Tests.Daemon;

/// <summary>What the program says to whoever starts it, with its real plugins.</summary>
public sealed class HostProcessTests
{
    private static readonly string Program = typeof(HostProcessTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "Host").Value!;

    [Fact]
    public async Task Start_EverythingWrong_IsListedAtOnceAndNothingStarts()
    {
        var state = Path.Combine(Path.GetTempPath(), $"apt-p2p-never-{Environment.ProcessId}");

        var (code, output, errors) = await RunAsync(
            $"--Host:State={state}", "--Host:Port=0", "--Prxy:Allow=::1", "--Stats:Allow=everybody", "--Dht.Kademlia:Boostrap=x:1",
            "--Host:Require=Nothing", "nonsense");

        Assert.Equal(78, code);
        Assert.Empty(output);
        Assert.Equal(
            [
                "apt-p2p is not started. 6 to mend:",
                "  command line: 'nonsense' is not understood; write --<Section>:<Key>=value, or see --help",
                "  command line: --Host:Port: The field Port must be between 1 and 65535.",
                "  command line: --Stats:Allow: 'everybody' is not a network; write 192.168.0.0/16, fd00::/8 or a single address",
                $"  [Host] Require: there is no plugin Nothing in {Path.Combine(Path.GetDirectoryName(Program)!, "plugins")}",
                "  command line: --Prxy:Allow: there is no section Prxy; did you mean Proxy?",
                "  command line: --Dht.Kademlia:Boostrap: [Dht.Kademlia] has no key Boostrap; did you mean Bootstrap?",
            ],
            errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.False(Directory.Exists(state));
    }

    [Fact]
    public async Task Start_FormerSecrets_AreRefusedWithWhatToWriteAndNotShown()
    {
        const string Now = "it is [Sharing] NetworkSecret now, once for the DHT and for neighbours";

        var (code, output, errors) = await RunAsync(
            "--Sharing:NetworkSecret=hunter2", "--Dht.Kademlia:NetworkSecret=hunter2", "--Neighbours.Lan:NetworkSecret=hunter2");

        Assert.Equal((78, ""), (code, output));
        Assert.Equal(
            [
                "apt-p2p is not started. 2 to mend:",
                $"  command line: --Dht.Kademlia:NetworkSecret: [Dht.Kademlia] NetworkSecret: {Now}",
                $"  command line: --Neighbours.Lan:NetworkSecret: [Neighbours.Lan] NetworkSecret: {Now}",
            ],
            errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--help=all")]
    public async Task Help_WithASecret_DoesNotShowIt(string help)
    {
        var (code, output, errors) = await RunAsync(help, "--Sharing:NetworkSecret=hunter2");

        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("NetworkSecret", output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_Plain_ShowsEachCommonOptionWithItsDefault()
    {
        var (code, output, errors) = await RunAsync("--help", "--Host:Port=1234");

        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("\n  --Host:Port=9977\n      where it listens", output, StringComparison.Ordinal);
        Assert.Equal(
            HelpLines.Groups.SelectMany(group => group.Lines).Select(option => $"--{option.Section}:{option.Key}"),
            output.Split('\n').Where(line => line.StartsWith("  --", StringComparison.Ordinal)).Select(line => line.Trim().Split('=')[0]));
        Assert.InRange(output.Split('\n').Length, 0, 50); // a screen
    }

    [Fact]
    public async Task Help_All_ListsHostAndPlugins()
    {
        var (code, output, errors) = await RunAsync("--help", "all");

        Assert.Equal((0, ""), (code, errors));
        Assert.All(
            new[] { "[Host]", "[Proxy]", "[Store]", "[Dht.Kademlia]", "[Neighbours.Lan]", "[Source.Mirror]", "[Source.Peers]", "[Stats]" },
            section => Assert.Contains($"\n{section}\n", output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Version_Always_IsOneLine()
    {
        var (code, output, _) = await RunAsync("--version");

        Assert.Equal(0, code);
        Assert.Matches("^apt-p2p [0-9]+\\.[0-9]+\\.[0-9]+\n$", output);
    }

    [Fact]
    public async Task Start_StateThatCannotBeMade_IsAProblem()
    {
        var (code, _, errors) = await RunAsync("--Host:State=/proc/none/of/it");

        Assert.Equal(78, code);
        Assert.Contains("[Host] State: /proc/none/of/it cannot be written: ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_StateOfAnotherDaemon_IsAProblem()
    {
        var folder = Directory.CreateTempSubdirectory("apt-p2p-state");
        try
        {
            string[] problems = [];
            await using (var other = StateLock.TryTake(new NodeOptions { State = folder.FullName }, problems))
            {
                Assert.NotNull(other);

                var (code, output, errors) = await RunAsync($"--Host:State={folder.FullName}", "--Host:Bind=127.0.0.1");

                Assert.Equal((78, ""), (code, output));
                Assert.Equal(
                    [
                        "apt-p2p is not started. 1 to mend:",
                        $"  [Host] State: {folder.FullName} is used by another daemon; give each a folder of its own",
                    ],
                    errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            }

            await using var next = StateLock.TryTake(new NodeOptions { State = folder.FullName }, problems);
            Assert.NotNull(next);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Start_DefaultStateThatOthersCouldRead_IsItsOwnersAlone()
    {
        var cache = Directory.CreateTempSubdirectory("cache");
        try
        {
            var state = cache.CreateSubdirectory("apt-p2p");
            state.UnixFileMode |= UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
            await using var other = StateLock.TryTake(new NodeOptions { State = state.FullName }, []);

            // It ends because that is in use, which it knows once it has seen to the folder.
            var (code, _, _) = await RunProgramAsync(
                "env", "--unset=CACHE_DIRECTORY", $"XDG_CACHE_HOME={cache.FullName}", Program, "--Host:Bind=127.0.0.1");

            Assert.Equal(78, code);
            state.Refresh();
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, state.UnixFileMode);
        }
        finally
        {
            cache.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Start_PassedWhatIsNoSocket_IsAProblem()
    {
        var state = Path.Combine(Path.GetTempPath(), $"apt-p2p-never-{Environment.ProcessId}");

        var (code, _, errors) = await RunProgramAsync(
            "bash", "-c", "exec 3</dev/null; LISTEN_PID=$$ LISTEN_FDS=1 exec \"$@\"", "bash", Program, $"--Host:State={state}");

        Assert.Equal(78, code);
        Assert.Contains("the service manager's socket (file descriptor 3) is no TCP or UDP socket", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_UnknownPolicy_IsOneLineAndExitCode78()
    {
        var state = Directory.CreateTempSubdirectory("apt-p2p-state");
        try
        {
            var (code, _, errors) = await RunAsync(
                $"--Host:State={state.FullName}", "--Host:Bind=127.92.4.1", "--Catalog:AptLists=", "--Policy:Name=FewPers");

            Assert.Equal(78, code);
            Assert.Equal(
                [
                    "apt-p2p is not started. 1 to mend:",
                    "  [Policy] Name: there is no policy FewPers; did you mean FewPeers? (known: FewPeers)",
                ],
                errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        finally
        {
            state.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Start_PluginThrowsWhereNobodyCatches_IsLeftOutAndTheDaemonStopsWell()
    {
        using var folder = new TestPlugins("ThrowsWhereNobodyCatches");
        string[] arguments =
        [
            $"--Host:State={folder.Node.StateFolder}",
            $"--Host:Plugins={folder.Folder}",
            "--Host:Bind=127.92.4.2",
            "--Dht.Kademlia:Routers=",
            "--Catalog:AptLists=",
        ];
        using var process = Process.Start(
            new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            List<string> awaited = ["is ready at", "Plugin ThrowsWhereNobodyCatches left out: it threw InvalidOperationException: "];
            while (awaited.Count > 0)
            {
                var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
                Assert.True(line is not null, $"it has ended without: {string.Join("; ", awaited)}");
                awaited.RemoveAll(text => line.Contains(text, StringComparison.Ordinal));
            }

            using var client = new HttpClient();
            var status = await client.GetStringAsync(new Uri("http://127.92.4.2:9977/p2p/status"), TestContext.Current.CancellationToken);
            Assert.Contains("left out: it threw InvalidOperationException: ", status, StringComparison.Ordinal);
            Assert.Equal(6, status.Split("\"works\"").Length - 1); // the daemon's own plugins
            await RunProgramAsync("kill", "-TERM", $"{process.Id}");
            var rest = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}\n{await rest}\n{await errors}");
        }
        finally
        {
            process.Kill();
        }
    }

    private static Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) =>
        RunProgramAsync(Program, arguments);

    private static async Task<(int Code, string Output, string Errors)> RunProgramAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
