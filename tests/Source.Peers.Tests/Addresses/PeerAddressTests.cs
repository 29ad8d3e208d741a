using System.Net;
using AptP2P.Source.Peers.Addresses;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Addresses;

public sealed class PeerAddressTests
{
    [Theory]
    [InlineData("192.0.2.1", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("192.168.1.1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("0.1.2.3", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("239.255.255.250", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("ff02::1", false)]
    [InlineData("168.63.129.16", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("::7f00:1", false)]
    public void CanBePeer_Address_OnlyWhereSomebodyCanBe(string address, bool expected) =>
        Assert.Equal(expected, PeerAddress.CanBePeer(IPAddress.Parse(address)));

    [Theory]
    [InlineData("::ffff:192.0.2.1", "192.0.2.0")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1::")]
    public void Network_Address_OneSite(string address, string network) =>
        Assert.Equal(IPAddress.Parse(network), PeerAddress.Network(IPAddress.Parse(address)));

    [Theory]
    [InlineData("192.168.1.1", "192.168.1.200", true)]
    [InlineData("192.168.1.1", "192.168.2.1", false)]
    [InlineData("203.0.113.1", "203.0.113.2", false)] // public addresses side by side can belong to anybody
    [InlineData("fe80::1", "fe80::2", true)]
    [InlineData("fd00:0:0:1::1", "fd00:0:0:2::1", false)]
    [InlineData("192.168.1.1", "fe80::1", false)]
    public void AreNeighbours_TwoAddresses_SameLocalNetwork(string a, string b, bool expected) =>
        Assert.Equal(expected, PeerAddress.AreNeighbours(IPAddress.Parse(a), IPAddress.Parse(b)));

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1:9977", true)]
    [InlineData("127.0.0.1", "127.0.0.2:9977", false)] // two daemons of one machine, as in these tests
    [InlineData("127.0.0.1", "127.0.0.1:9978", false)]
    [InlineData("::", "127.0.0.2:9977", true)] // who listens on any address listens there too
    [InlineData("0.0.0.0", "192.168.1.5:9977", true)]
    [InlineData("0.0.0.0", "192.168.1.6:9977", false)]
    public void IsSelf_EndPoint_WhereThisNodeListens(string listening, string endPoint, bool expected) =>
        Assert.Equal(expected, Own(listening).IsSelf(IPEndPoint.Parse(endPoint)));

    [Theory]
    [InlineData("127.5.5.5", ChannelDistance.SameHost)]
    [InlineData("192.168.1.5", ChannelDistance.SameHost)]
    [InlineData("192.168.1.6", ChannelDistance.SameNetwork)]
    [InlineData("192.168.2.6", ChannelDistance.Other)]
    [InlineData("198.51.100.7", ChannelDistance.Other)]
    [InlineData("2a02:908::7", ChannelDistance.SameNetwork)] // of a link of this machine
    [InlineData("2a02:909::7", ChannelDistance.Other)]
    public void DistanceOf_Address_ByOwnAddresses(string address, ChannelDistance expected) =>
        Assert.Equal(expected, Own("0.0.0.0").DistanceOf(IPAddress.Parse(address)));

    [Fact]
    public void DistanceOf_NetworkChanged_GoesByTheNewOne()
    {
        var machine = new ListedAddresses("192.168.1.5");
        var own = new OwnAddresses(new IPEndPoint(IPAddress.Any, 9977), machine);

        machine.Change("10.0.0.5");

        Assert.Equal(ChannelDistance.SameNetwork, own.DistanceOf(IPAddress.Parse("10.0.0.6")));
    }

    private static OwnAddresses Own(string listening) =>
        new(
            new IPEndPoint(IPAddress.Parse(listening), 9977),
            new ListedAddresses("192.168.1.5") { Near = [IPNetwork.Parse("2a02:908::/64")] });
}
