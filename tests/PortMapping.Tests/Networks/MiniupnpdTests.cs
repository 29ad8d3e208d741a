using System.Net;
using System.Net.Sockets;
using Xunit;

namespace AptP2P.Ports.Tests.Networks;

/// <summary>Against a router that many homes have: Debian's miniupnpd, in network namespaces.</summary>
public sealed class MiniupnpdTests
{
    private static readonly IPAddress Router = IPAddress.Parse(HomeNetwork.RouterAddress);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("PCP", "enable_natpmp=yes", "enable_upnp=yes")]
    [InlineData("UPnP", "enable_natpmp=no", "enable_upnp=yes")]
    [InlineData("UPnP", "enable_natpmp=no", "enable_upnp=yes", "force_igd_desc_v1=yes")]
    public async Task Start_ARouterThatMaps_TheWorldGetsInUntilTheStop(string protocol, params string[] lines)
    {
        await using var home = await HomeNetwork.CreateAsync();
        await home.StartAsync(lines);
        await using var node = home.NewService(0, Router);
        using var listener = Listen(home, 0, "192.168.11.101");

        await node.Service.StartAsync(Cancellation);
        var mapping = await node.SaysAsync(AddressFamily.InterNetwork);

        var outside = new IPEndPoint(IPAddress.Parse(HomeNetwork.Outside), 9977);
        Assert.Equal(new PortMapping(AddressFamily.InterNetwork, outside, outside, null), mapping);
        Assert.Equal(protocol, node.Protocol(AddressFamily.InterNetwork));
        await AssertGetsInAsync(home, listener, mapping.Tcp!);
        Assert.Equal(2, (await home.RulesAsync()).Count(rule => rule.Contains("dnat", StringComparison.Ordinal)));

        await node.Service.StopAsync(Cancellation);

        Assert.Empty(await home.RulesAsync());
        Assert.Single(node.Log.All);
    }

    [Fact]
    public async Task Start_TwoHostsWithOnePort_EachHasItsOwnOutside()
    {
        await using var home = await HomeNetwork.CreateAsync();
        await home.StartAsync("enable_natpmp=yes", "enable_upnp=yes");
        await using var one = home.NewService(0, Router);
        await using var other = home.NewService(1, Router);
        using var listener = Listen(home, 1, "192.168.11.102");

        await one.Service.StartAsync(Cancellation);
        var first = await one.SaysAsync(AddressFamily.InterNetwork);
        await other.Service.StartAsync(Cancellation);
        var second = await other.SaysAsync(AddressFamily.InterNetwork);

        Assert.Equal(9977, first.Tcp!.Port);
        Assert.NotEqual(9977, second.Tcp!.Port);
        Assert.Equal(second.Tcp, second.Udp);
        await AssertGetsInAsync(home, listener, second.Tcp);
        await one.Service.StopAsync(Cancellation);
        await AssertGetsInAsync(home, listener, second.Tcp); // the other's is not touched
    }

    [Fact]
    public async Task Start_ByIgd1AThePortIsAnothers_AnotherIsTaken()
    {
        await using var home = await HomeNetwork.CreateAsync();
        await home.StartAsync("enable_natpmp=no", "enable_upnp=yes", "force_igd_desc_v1=yes");
        await using var one = home.NewService(0, Router);
        await using var other = home.NewService(1, Router);

        await one.Service.StartAsync(Cancellation);
        await one.SaysAsync(AddressFamily.InterNetwork);
        await other.Service.StartAsync(Cancellation);
        var second = await other.SaysAsync(AddressFamily.InterNetwork);

        Assert.InRange(second.Tcp!.Port, 20_000, 32_767);
        Assert.Equal(second.Tcp, second.Udp);
    }

    [Fact]
    public async Task Start_TheRouterDenies_TheReasonSaysSoAndNothingIsLeft()
    {
        await using var home = await HomeNetwork.CreateAsync();
        await home.StartAsync("enable_natpmp=yes", "enable_upnp=yes", "deny 0-65535 192.168.0.0/16 0-65535");
        await using var node = home.NewService(0, Router);

        await node.Service.StartAsync(Cancellation);

        Assert.Equal(
            "the router at 192.168.11.1 refused (PCP: not authorized; NAT-PMP: not authorized; "
                + "UPnP: 728, it has no port for this machine)",
            (await node.SaysAsync(AddressFamily.InterNetwork)).Reason);
        Assert.Empty(await home.RulesAsync());
    }

    [Fact]
    public async Task Start_NobodyAtTheRouter_TheReasonSaysSo()
    {
        await using var home = await HomeNetwork.CreateAsync();
        await using var node = home.NewService(0, Router);

        await node.Service.StartAsync(Cancellation);

        Assert.Equal(
            "no router at 192.168.11.1 answers PCP, NAT-PMP or UPnP", (await node.SaysAsync(AddressFamily.InterNetwork)).Reason);
    }

    [Theory]
    [InlineData("enable_natpmp=yes", "enable_upnp=no")] // it tells all hosts
    [InlineData("enable_natpmp=no", "enable_upnp=yes")] // it is asked
    public async Task Restart_OfTheRouter_MapsAgain(params string[] lines)
    {
        await using var home = await HomeNetwork.CreateAsync();
        await home.StartAsync(lines);
        await using var node = home.NewService(0, Router);
        using var listener = Listen(home, 0, "192.168.11.101");
        await node.Service.StartAsync(Cancellation);
        var mapping = await node.SaysAsync(AddressFamily.InterNetwork);

        await home.StopAsync();
        Assert.Empty(await home.RulesAsync());
        await home.StartAsync(lines);
        await home.MappedAsync();

        await AssertGetsInAsync(home, listener, mapping.Tcp!);
        Assert.Single(node.Log.All); // the same as before is nothing to be told of
    }

    [Fact]
    public async Task Start_IPv6_APinholeForTheGlobalAddress()
    {
        await using var home = await HomeNetwork.CreateAsync();
        await home.StartAsync("enable_natpmp=yes", "enable_upnp=no");
        await using var node = home.NewService(0, IPAddress.Parse("2a01:b:1:1::1"));
        using var listener = Listen(home, 0, "2a01:b:1:1::101");

        await node.Service.StartAsync(Cancellation);
        var mapping = await node.SaysAsync(AddressFamily.InterNetworkV6);

        Assert.Equal(("[2a01:b:1:1::101]:9977", null), ($"{mapping.Tcp}", mapping.Reason));
        await AssertGetsInAsync(home, listener, mapping.Tcp!);

        await node.Service.StopAsync(Cancellation);

        Assert.Empty(await home.RulesAsync());
    }

    /// <summary>A listener on a host, where the daemon would have its own.</summary>
    private static Socket Listen(HomeNetwork home, int host, string address)
    {
        var at = IPAddress.Parse(address);
        var listener = home.Hosts[host].Enter(() => new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        listener.Bind(new IPEndPoint(at, 9977));
        listener.Listen();
        return listener;
    }

    private static async Task AssertGetsInAsync(HomeNetwork home, Socket listener, IPEndPoint to)
    {
        using var client = home.World.Enter(() => new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        await client.ConnectAsync(to, Cancellation);
        using var accepted = await listener.AcceptAsync(Cancellation);
        Assert.Equal(((IPEndPoint)client.LocalEndPoint!).Port, ((IPEndPoint)accepted.RemoteEndPoint!).Port);
    }
}
