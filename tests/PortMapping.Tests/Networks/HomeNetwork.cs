using System.Net;
using System.Net.Sockets;
using AptP2P.Ports.Configuration;
using AptP2P.Ports.Sockets;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using AptP2P.Testing.Networks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Ports.Tests.Networks;

/// <summary>
/// A home whose router has Debian's miniupnpd, with two hosts, and somebody in the world. What the router has mapped is read from its
/// firewall.
/// </summary>
internal sealed class HomeNetwork : IAsyncDisposable
{
    public const string RouterAddress = "192.168.11.1";
    public const string Outside = "1.2.11.2";

    private const int Number = 11; // of the home, in these addresses

    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("home");
    private readonly List<NetworkNamespace> _made = [];
    private readonly Home _home;

    private HomeNetwork(NetworkNamespace router, NetworkNamespace world)
    {
        _home = new Home(router, IPAddress.Parse(Outside), Number, ipv6: true);
        _made.AddRange(router, world);
        World = world;
    }

    public NetworkNamespace Router => _home.Router;

    /// <summary>At 192.168.11.101 and .102, and at 2a01:b:1:1::101 and ::102.</summary>
    public IReadOnlyList<NetworkNamespace> Hosts => _home.Hosts;

    /// <summary>Somebody at 1.2.11.1.</summary>
    public NetworkNamespace World { get; }

    /// <exception cref="Exception">Where no such network can be made: the test ends there.</exception>
    public static async Task<HomeNetwork> CreateAsync()
    {
        if (NetworkNamespace.FindObstacle("nft", "miniupnpd") is { } obstacle)
        {
            throw Requirement.Missing(obstacle);
        }

        var (router, world) = (await NetworkNamespace.CreateAsync(ipv6: true), await NetworkNamespace.CreateAsync(ipv6: true));
        var network = new HomeNetwork(router, world);
        await NetworkNamespace.RunAsync($"""
            ip -n {router.Name} link add wan type veth peer name eth0 netns {world.Name}
            ip -n {router.Name} addr add {Outside}/24 dev wan
            ip -n {router.Name} addr add 2a0b:10::2/64 dev wan
            ip -n {router.Name} link set wan up
            ip -n {world.Name} addr add 1.2.11.1/24 dev eth0
            ip -n {world.Name} addr add 2a0b:10::1/64 dev eth0
            ip -n {world.Name} link set eth0 up
            ip -n {world.Name} route add default via 2a0b:10::2
            """);
        await network._home.BeginAsync();
        for (var host = 0; host < 2; host++)
        {
            network._made.Add(await NetworkNamespace.CreateAsync(ipv6: true));
            await network._home.AddHostAsync(network._made[^1]);
        }

        return network;
    }

    /// <summary>Starts miniupnpd, and waits until it listens.</summary>
    /// <param name="protocols">Lines of its configuration: which protocols, and who may map.</param>
    public async Task StartAsync(params IEnumerable<string> protocols)
    {
        var file = Path.Combine(_files.FullName, "miniupnpd.conf");
        await File.WriteAllLinesAsync(file, [
            "ext_ifname=wan", "ext_ifname6=wan", "listening_ip=br-lan", "http_port=5000", "secure_mode=yes", "system_uptime=no",
            "notify_interval=60", "uuid=0aa0c0de-0000-4000-8000-000000000001", "min_lifetime=120", "max_lifetime=86400",
            $"lease_file={_files.FullName}/leases", .. protocols,
            "allow 1024-65535 192.168.0.0/16 1024-65535", "deny 0-65535 0.0.0.0/0 0-65535",
        ]);
        var port = protocols.Contains("enable_natpmp=yes") ? 5351 : 1900;
        await Router.ShellAsync($"""
            miniupnpd -f {file} -P {_files.FullName}/pid
            until ss -Hlun "sport = :{port}" | grep -q .; do sleep 0.05; done # it goes into the background before it listens
            """);
    }

    /// <summary>Ends miniupnpd; what it has mapped goes with it, as when a router is switched off.</summary>
    public Task StopAsync() => Router.ShellAsync($$"""
        pid=$(cat {{_files.FullName}}/pid)
        kill $pid
        while kill -0 $pid 2> /dev/null; do sleep 0.05; done # it is no child of ours, so nobody can wait for it
        rm -f {{_files.FullName}}/pid {{_files.FullName}}/leases
        for chain in miniupnpd prerouting_miniupnpd postrouting_miniupnpd; do nft flush chain inet filter $chain; done
        """);

    /// <summary>The rules that miniupnpd has made, of IPv4 translations and of what is let in.</summary>
    public async Task<string[]> RulesAsync() =>
    [
        .. (await Router.ShellAsync("nft list chain inet filter prerouting_miniupnpd; nft list chain inet filter miniupnpd"))
            .Split('\n', StringSplitOptions.TrimEntries)
            .Where(line => line.Contains("dnat", StringComparison.Ordinal) || line.Contains("accept", StringComparison.Ordinal)),
    ];

    /// <summary>Waits until it has mapped TCP and UDP: the firewall tells of each change by itself.</summary>
    public Task MappedAsync() => Router.ShellAsync("""
        mapped() { [ "$(nft list chain inet filter prerouting_miniupnpd | grep -c dnat)" = 2 ]; }
        nft monitor rules | { until mapped; do read -r line; done; pkill -P $$ nft; }
        """);

    /// <summary>A service on a host.</summary>
    public NetworkedService NewService(int host, params IEnumerable<IPAddress> routers) =>
        new(Hosts[host], new PortMappingOptions { Gateways = [.. routers], CheckInterval = TimeSpan.FromSeconds(10) });

    public async ValueTask DisposeAsync()
    {
        foreach (var made in _made)
        {
            await made.DisposeAsync();
        }

        _files.Delete(recursive: true);
    }
}

/// <summary>The service of a host of such a network.</summary>
internal sealed class NetworkedService : IAsyncDisposable
{
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("ports");
    private readonly ServiceProvider _metrics = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public NetworkedService(NetworkNamespace host, PortMappingOptions options) => Service = new PortMappingService(
        new PluginContext(_state.FullName, new IPEndPoint(IPAddress.IPv6Any, 9977)), Options.Create(options), new NetworkOf(host),
        new ListedAddresses("127.0.0.1"), new PortsMetrics(_metrics.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>()), Log,
        TimeProvider.System, new Random(7));

    public PortMappingService Service { get; }

    public LogLines<PortMappingService> Log { get; } = new();

    public string? Protocol(AddressFamily family) => Service.Board.Find(family)?.By?.Protocol;

    public async Task<PortMapping> SaysAsync(AddressFamily family, Func<PortMapping, bool>? what = null)
    {
        var cancellation = TestContext.Current.CancellationToken;
        return await Service.WatchAsync(cancellation)
            .FirstAsync(mapping => mapping.Family == family && (what?.Invoke(mapping) ?? true), cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await _metrics.DisposeAsync();
        _state.Delete(recursive: true);
    }

    private sealed class NetworkOf(NetworkNamespace host) : SocketNetwork
    {
        protected override Socket Make(AddressFamily family, SocketType type, ProtocolType protocol) =>
            host.Enter(() => new Socket(family, type, protocol));
    }
}
