using System.Net;
using System.Net.Sockets;
using AptP2P.Testing;
using AptP2P.Testing.Networks;
using Xunit;

namespace AptP2P.Abstractions.Tests.Testing;

public sealed class NetworkNamespaceTests
{
    [Fact]
    public async Task Enter_TwoHostsOnOneWire_AreTheirOwnNetwork()
    {
        if (NetworkNamespace.FindObstacle() is { } obstacle)
        {
            throw Requirement.Missing(obstacle);
        }

        var cancellation = TestContext.Current.CancellationToken;
        await using var one = await NetworkNamespace.CreateAsync();
        await using var other = await NetworkNamespace.CreateAsync();
        await NetworkNamespace.RunAsync($"""
            ip -n {one.Name} link add eth0 type veth peer name eth0 netns {other.Name}
            ip -n {one.Name} addr add 192.168.1.1/24 dev eth0
            ip -n {other.Name} addr add 192.168.1.2/24 dev eth0
            """);
        foreach (var host in (NetworkNamespace[])[one, other])
        {
            await host.ShellAsync("ip link set eth0 up");
        }

        using var listener = one.Enter(static () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        listener.Bind(new IPEndPoint(IPAddress.Parse("192.168.1.1"), 80));
        listener.Listen();
        using var client = other.Enter(static () => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
        await client.ConnectAsync("192.168.1.1", 80, cancellation);
        using var accepted = await listener.AcceptAsync(cancellation);

        Assert.Equal("192.168.1.2", ((IPEndPoint)accepted.RemoteEndPoint!).Address.ToString());
        Assert.Equal("eth0 lo", string.Join(' ', (await one.ShellAsync("ls /sys/class/net")).Split('\n').Order()).Trim());
    }
}
