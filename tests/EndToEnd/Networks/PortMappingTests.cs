using System.Net;
using System.Net.Sockets;
using AptP2P.Testing.Networks;

namespace AptP2P.EndToEnd.Networks;

/// <summary>Daemons without any configuration have their routers pass the port.</summary>
public sealed class PortMappingTests(SignedRepository repository) : NetworkTest(repository)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("PCP")]
    [InlineData("NAT-PMP")]
    [InlineData("UPnP")]
    public async Task Start_ARouterThatMaps_TheWorldGetsInUntilTheStop(string protocol)
    {
        var home = await Lab.AddHomeAsync(hosts: 1);
        var router = new Miniupnpd(home.Router, Folder("router"));
        await router.StartAsync(upnp: protocol == "UPnP", natPmp: protocol != "UPnP");
        if (protocol == "NAT-PMP") // one program speaks both, on one port: what has version 2 gets lost
        {
            await home.Router.ShellAsync("nft insert rule inet filter input iifname br-lan udp dport 5351 @th,64,8 2 drop");
        }

        var stranger = await Lab.AddServerAsync(new IPAddress([1, 2, 90, 2]));

        var daemon = await StartDaemonOnAsync(home.Hosts[0], "daemon");
        await daemon.SaysAsync($"passes TCP {home.Outside}:9977 and UDP {home.Outside}:9977 to this node, by {protocol}");

        await ConnectAsync(stranger, home.Outside);
        var ports = (await daemon.StatusAsync())["ports"]!;
        Assert.Equal(
            ($"{home.Outside}:9977", $"{home.Outside}:9977", protocol, $"{home.Gateway}", null),
            (
                $"{ports["tcp"]}", $"{ports["udp"]}", $"{ports["protocol"]}", $"{ports["router"]}",
                ports["reason"]?.ToString()));

        await daemon.StopAsync();

        Assert.DoesNotContain("dnat", await router.RulesAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Move_ToAnotherHome_ItsRouterMaps()
    {
        var (one, other) = (await Lab.AddHomeAsync(hosts: 1), await Lab.AddHomeAsync(hosts: 0));
        await new Miniupnpd(one.Router, Folder("one")).StartAsync(upnp: false, natPmp: true);
        await new Miniupnpd(other.Router, Folder("other")).StartAsync(upnp: true, natPmp: false);
        var stranger = await Lab.AddServerAsync(new IPAddress([1, 2, 90, 2]));
        var daemon = await StartDaemonOnAsync(one.Hosts[0], "daemon");
        await daemon.SaysAsync($"passes TCP {one.Outside}:9977 and UDP {one.Outside}:9977 to this node, by PCP");

        await one.Hosts[0].ShellAsync("ip link del eth0");
        await other.AddHostAsync(one.Hosts[0]);

        await daemon.SaysAsync($"passes TCP {other.Outside}:9977 and UDP {other.Outside}:9977 to this node, by UPnP");
        await ConnectAsync(stranger, other.Outside);
    }

    [Fact]
    public async Task Start_NoNetwork_IsReadyAndTheStatusSaysWhy()
    {
        await using var host = await NetworkNamespace.CreateAsync();

        var daemon = await StartDaemonOnAsync(host, "daemon");

        await daemon.MapsNothingAsync("there is no router: this machine has no default route");
        await daemon.StopAsync();
        Assert.DoesNotContain("No port is mapped", daemon.Output, StringComparison.Ordinal);
    }

    private static async Task ConnectAsync(NetworkNamespace from, IPAddress outside)
    {
        using var client = from.Enter(static () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        await client.ConnectAsync(outside, Daemon.Port, Cancellation);
        Assert.True(client.Connected);
    }
}
