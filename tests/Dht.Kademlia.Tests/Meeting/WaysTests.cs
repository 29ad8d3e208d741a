using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Meeting;
using AptP2P.Dht.Kademlia.Node;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Meeting;

public sealed class WaysTests
{
    private static readonly UdpEndpoint A = Subject.At("1.2.3.4:9977");
    private static readonly UdpEndpoint B = Subject.At("1.2.3.4:9978");
    private static readonly UdpEndpoint C = Subject.At("5.6.7.8:9977");

    private readonly Ways _ways = new();

    [Fact]
    public void LedTo_NodesOfTheTable_AreThoseWhoNamedThemFirstInOrder()
    {
        _ways.Named(Way.Mainline, [A]);
        _ways.Named(Way.Saved, [C, A]);
        _ways.Named(Way.Bootstrap, [B]);

        Assert.Equal([Way.Saved, Way.Mainline], _ways.LedTo([Known(A), Known(C), Known(Subject.At("9.9.9.9:9977"))]));
    }

    [Fact]
    public void PortsAt_AnAddress_AreAllThatWereNamed()
    {
        _ways.Named(Way.Mainline, [A, B, C]);

        Assert.Equal([9977, 9978], _ways.PortsAt(Subject.At("1.2.3.4:11697")).Select(static port => (int)port).Order());
    }

    [Fact]
    public void Named_WithoutEnd_RemembersABoundedNumber()
    {
        _ways.Named(Way.Mainline, Enumerable.Range(1024, 10_000).Select(static port => A.WithPort((ushort)port)));

        Assert.InRange(_ways.PortsAt(A).Count, 1, 1000);
    }

    private static KnownNode Known(UdpEndpoint endpoint) => new(endpoint, TimeSpan.Zero);
}
