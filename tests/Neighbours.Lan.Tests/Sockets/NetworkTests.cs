using System.Net;
using AptP2P.Neighbours.Lan.Configuration;
using AptP2P.Neighbours.Lan.Links;
using AptP2P.Neighbours.Lan.Sockets;
using AptP2P.Testing;
using AptP2P.Testing.Networks;
using Xunit;

namespace AptP2P.Neighbours.Lan.Tests.Sockets;

/// <summary>Real multicast, between hosts on a bridge that the test makes.</summary>
public sealed class NetworkTests : IAsyncLifetime
{
    private readonly Stack<IAsyncDisposable> _made = new();
    private NetworkNamespace _bridge = null!;
    private int _ports;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (NetworkNamespace.FindObstacle() is { } obstacle)
        {
            throw Requirement.Missing(obstacle);
        }

        _bridge = await NetworkNamespace.CreateAsync();
        _made.Push(_bridge);
        await _bridge.ShellAsync("ip link add br0 type bridge forward_delay 0; ip link set br0 up");
    }

    public async ValueTask DisposeAsync()
    {
        while (_made.TryPop(out var made))
        {
            await made.DisposeAsync();
        }
    }

    [Fact]
    public async Task Watch_TwoHostsOnABridge_FindEachOther()
    {
        var a = await StartAsync(await NewHostAsync("192.168.1.1/24"));
        var b = await StartAsync(await NewHostAsync("192.168.1.2/24"));

        await FindsAsync(a, "192.168.1.2:9977");
        await FindsAsync(b, "192.168.1.1:9977");
    }

    [Fact]
    public async Task Watch_IPv6WithAPrefix_FindEachOther()
    {
        var a = await StartAsync(await NewHostAsync("fe80::1/64", "2a01:1:1:1::1/64"));
        var b = await StartAsync(await NewHostAsync("fe80::2/64", "2a01:1:1:1::2/64"));

        await FindsAsync(a, "[2a01:1:1:1::2]:9977");
        await FindsAsync(b, "[2a01:1:1:1::1]:9977");
    }

    [Fact]
    public async Task Watch_LinkLocalAddressesAlone_FindEachOtherWithTheInterface()
    {
        var host = await NewHostAsync("fe80::1/64");
        var a = await StartAsync(host);
        var b = await StartAsync(await NewHostAsync("fe80::2/64"));
        var index = host.Enter(() => Interface.OfThisMachine().Single(each => each.Name == "eth0").Index);

        await FindsAsync(a, $"[fe80::2%{index}]:9977");
        Assert.NotEqual(0, (await FindsAsync(b, endPoint => endPoint.Port == 9977)).Address.ScopeId);
    }

    [Fact]
    public async Task Watch_TwoDaemonsOnOneHost_FindEachOtherAndTheThird()
    {
        var host = await NewHostAsync("192.168.1.1/24");
        var a = await StartAsync(host, self: "[::]:9977");
        var b = await StartAsync(host, self: "[::]:9978");
        var c = await StartAsync(await NewHostAsync("192.168.1.2/24"));

        await FindsAsync(a, "192.168.1.1:9978");
        await FindsAsync(b, "192.168.1.1:9977");
        await FindsAsync(c, "192.168.1.1:9977");
        await FindsAsync(c, "192.168.1.1:9978");
        await FindsAsync(b, "192.168.1.2:9977");
        Assert.DoesNotContain("192.168.1.1:9977", a.Known); // itself
    }

    [Fact]
    public async Task Watch_DaemonsOnLoopbackAddresses_FindEachOtherThere()
    {
        var host = await NewHostAsync("192.168.1.1/24");
        var options = new LanOptions { Interfaces = ["lo"] };
        var a = await StartAsync(host, options, "127.1.1.1:9977");
        var b = await StartAsync(host, options, "127.1.1.2:9977");

        await FindsAsync(a, "127.1.1.2:9977");
        await FindsAsync(b, "127.1.1.1:9977");
    }

    [Fact]
    public async Task Watch_LoopbackByName_NothingLeavesTheHost()
    {
        var host = await NewHostAsync("192.168.1.1/24");
        var options = new LanOptions { Interfaces = ["lo"] };
        var a = await StartAsync(host, options);
        var b = await StartAsync(host, options, "[::]:9978");
        var other = await StartAsync(await NewHostAsync("192.168.1.2/24"));

        await FindsAsync(a, "127.0.0.1:9978");
        await FindsAsync(b, "127.0.0.1:9977");
        Assert.Empty(other.Known);
    }

    [Fact]
    public async Task Change_AnInterfaceComesLater_FoundThen()
    {
        var a = await StartAsync(await NewHostAsync("192.168.1.1/24"));
        var host = await NetworkNamespace.CreateAsync();
        _made.Push(host);
        var late = await StartAsync(host);

        await PlugInAsync(host, "192.168.1.2/24");
        late.Machine.Change("192.168.1.2");

        await FindsAsync(a, "192.168.1.2:9977");
        await FindsAsync(late, "192.168.1.1:9977");
        Assert.Equal([6011, 6010], late.Log.All.Select(line => line.Id));
    }

    [Fact]
    public async Task Change_AnAddress_FoundByTheNewOne()
    {
        var a = await StartAsync(await NewHostAsync("192.168.1.1/24", "10.0.0.1/24"));
        var host = await NewHostAsync("192.168.1.2/24");
        var b = await StartAsync(host);
        await FindsAsync(a, "192.168.1.2:9977");

        await host.ShellAsync("ip addr del 192.168.1.2/24 dev eth0; ip addr add 10.0.0.2/24 dev eth0");
        b.Machine.Change("10.0.0.2");

        await FindsAsync(a, "10.0.0.2:9977");
    }

    [Fact]
    public async Task Start_SomebodyElseHasThePort_OneLineAndNoNeighbours()
    {
        var host = await NewHostAsync("192.168.1.1/24");
        using var other = host.Enter(() => new System.Net.Sockets.UdpClient(Multicast.Port));

        var daemon = await StartAsync(host);

        await daemon.Service.StopAsync(Cancellation); // what it had to say it has said by then
        var problem = Assert.Single(daemon.Log.All, line => line.Id == 6012);
        Assert.Contains("UDP port 6771 cannot be bound", problem.Text, StringComparison.Ordinal);
    }

    /// <summary>Waits until it is said that somebody is there.</summary>
    private static Task<IPEndPoint> FindsAsync(LanHost host, string endPoint) => FindsAsync(host, IPEndPoint.Parse(endPoint).Equals);

    private static async Task<IPEndPoint> FindsAsync(LanHost host, Predicate<IPEndPoint> isIt)
    {
        await foreach (var found in host.Neighbourhood.WatchAsync(Cancellation))
        {
            if (isIt(found))
            {
                return found;
            }
        }

        Assert.Fail("the watch has ended");
        return null!;
    }

    private async Task<LanHost> StartAsync(NetworkNamespace host, LanOptions? options = null, string self = "[::]:9977")
    {
        var addresses = host.Enter(() => Interface.OfThisMachine().SelectMany(each => each.Addresses).ToArray());
        InNamespace? groups = null;
        var made = new LanHost(
            (options, self) => groups = new InNamespace(host, new Multicast(options, self, TimeProvider.System)), TimeProvider.System,
            options, self, addresses: [.. addresses.Select(each => each.Address.ToString())]);
        _made.Push(made);
        await made.Service.StartAsync(Cancellation);
        await groups!.Refreshed;
        return made;
    }

    private async Task<NetworkNamespace> NewHostAsync(params string[] addresses)
    {
        var host = await NetworkNamespace.CreateAsync(ipv6: addresses[0].Contains(':', StringComparison.Ordinal));
        _made.Push(host);
        await PlugInAsync(host, addresses);
        return host;
    }

    private async Task PlugInAsync(NetworkNamespace host, params string[] addresses)
    {
        var port = $"to{++_ports}";
        var add = string.Join('\n', addresses.Select(address => $"ip -n {host.Name} addr add {address} dev eth0"));
        await NetworkNamespace.RunAsync($"""
            ip -n {_bridge.Name} link add {port} type veth peer name eth0 netns {host.Name}
            ip -n {_bridge.Name} link set {port} master br0 up
            ip -n {host.Name} link set eth0 addrgenmode none
            ip -n {host.Name} link set eth0 up
            {add}
            """);
    }
}
