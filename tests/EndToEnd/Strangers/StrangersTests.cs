using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace AptP2P.EndToEnd.Strangers;

/// <summary>
/// Everything at once that strangers can send to the one port, by TCP and UDP, while daemons find and serve each other and apt installs
/// through them. <c>TEST_REQUESTS</c> says how many requests of either kind there are, <c>TEST_SEED</c> which.
/// </summary>
public sealed partial class StrangersTests(SignedRepository repository) : EndToEndTest(repository)
{
    private const int DefaultCount = 10_000;
    private const int DefaultSeed = 1;

    /// <summary>
    /// By how much a daemon may have grown from the first half of the requests to the second: a leak of a few KiB for each is more.
    /// </summary>
    private const long Growth = 48L << 20;

    /// <summary>
    /// What may differ in idle connections to mirrors and peers, and open files: a leak for one request in a hundred is more.
    /// </summary>
    private const int Descriptors = 50;

    private const string QuickLeave = "--Source.Peers:KeepAlive=1s"; // peers keep connections, which are not a caller's

    private static readonly string[] Options =
    [
        QuickLeave,
        "--Proxy:Allow=127.0.0.1", // so that callers from other addresses are strangers
        "--Store:Quota=12MiB", // less than the packages take: apt's next run finds most of them gone
        "--Proxy:ActivityTimeout=2s", "--Proxy:TunnelIdle=1s", // what never answers is not to be waited for
    ];

    [Fact]
    public async Task Requests_RandomAndValid_AptPeersAndTheDhtGoOn()
    {
        var each = Number("TEST_REQUESTS", DefaultCount);
        var mirror = await StartMirrorAsync();
        var silent = await StartAsync(new SilentServer(NextAddress()), server => server.StartAsync());
        var seed = await StartDaemonAsync("seed", QuickLeave);
        await NewApt("seed", seed, mirror).InstallAllAsync(Repository, seed);
        var tunnels = $"--Proxy:ConnectPorts={mirror.Address.Port},{silent.EndPoint.Port}";
        var daemon = await StartDaemonAsync("daemon", seed, [.. Options, tunnels]);
        var other = await StartDaemonAsync("other", daemon, Options);
        AptRoot[] apts = [NewApt("apt", daemon, mirror), NewApt("other", other, mirror, proxyForm: true)];
        await Task.WhenAll(apts.Select(InstallAsync));
        var process = daemon.ProcessId;
        var crowd = new Crowd(
            Repository, IPEndPoint.Parse(daemon.EndPoint), mirror.Address, silent.EndPoint, Number("TEST_SEED", DefaultSeed));

        var first = await SendAsync(crowd, each / 2, apts, daemon);
        var second = await SendAsync(crowd, each - each / 2, apts, daemon);

        Assert.Equal(process, daemon.ProcessId);
        Assert.InRange(second.Memory, 0, first.Memory + Growth);
        Assert.InRange(second.Descriptors, 0, first.Descriptors + Descriptors);
        Assert.DoesNotMatch(FaultOfItsOwn(), daemon.Output);
        Assert.True((await daemon.TrafficAsync()).Peers > 0, "no peer was at work");
        Assert.True(crowd.Answered > 0, "no datagram made sense");
        await other.KnowsNodesAsync();
    }

    /// <summary>One half of the requests, and what the daemon has of the machine once they are over.</summary>
    private async Task<ProcessUse> SendAsync(Crowd crowd, int each, AptRoot[] apts, Daemon daemon)
    {
        var requests = crowd.SendAsync(each);
        await Task.WhenAll(apts.Select(async apt =>
        {
            do
            {
                await InstallAsync(apt);
            }
            while (!requests.IsCompleted);
        }));
        var faults = await requests;
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        await daemon.IsLeftAsync();
        return ProcessUse.Of(daemon.ProcessId);
    }

    private async Task InstallAsync(AptRoot apt)
    {
        apt.ForgetLists();
        apt.ForgetArchives();
        (await apt.UpdateAsync()).Succeeded();
        (await apt.DownloadAsync(Repository.Packages.Select(package => package.Name))).Succeeded();
        apt.AssertHas(Repository.Packages);
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>What docs/operating.md says a fault of the daemon's own has, or its end.</summary>
    [GeneratedRegex(@"   at [\w.<>`]+\(|crit: |Unhandled exception")]
    private static partial Regex FaultOfItsOwn();
}
