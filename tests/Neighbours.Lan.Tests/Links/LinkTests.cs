using System.Net;
using AptP2P.Neighbours.Lan.Configuration;
using AptP2P.Neighbours.Lan.Links;
using Xunit;

namespace AptP2P.Neighbours.Lan.Tests.Links;

public sealed class LinkTests
{
    private static readonly Interface Ethernet = New("eth0", "192.168.1.5/24", "fe80::5/64", "2001:db8:1:1::5/64");
    private static readonly Interface Loopback = New("lo", "127.0.0.1/8", "::1/128") with { IsLoopback = true, CanMulticast = false };

    [Fact]
    public void Of_ALanInterface_HasBothFamilies()
    {
        var link = Of(Ethernet);

        Assert.Equal((IPAddress.Parse("192.168.1.5"), IPAddress.IPv6Any), (link!.V4, link.V6));
    }

    [Theory]
    [InlineData(true, "198.51.100.7/24")] // nothing private
    [InlineData(true, "198.51.100.7/24", "2001:db8:1:1::5/64")]
    [InlineData(true)]
    [InlineData(false, "192.168.1.5/24")]
    public void Of_NothingForNeighbours_IsNone(bool canMulticast, params string[] addresses) =>
        Assert.Null(Of(New("eth0", addresses) with { CanMulticast = canMulticast }));

    [Fact]
    public void Of_Down_IsNone() => Assert.Null(Of(Ethernet with { IsUp = false }));

    [Fact]
    public void Of_NotNamed_IsNone() => Assert.Null(Of(Ethernet, named: "eth1"));

    [Fact]
    public void Of_NamedThatSaysItCannotMulticast_IsUsed() => Assert.NotNull(Of(Ethernet with { CanMulticast = false }, named: "eth0"));

    [Fact]
    public void Of_Loopback_IsUsedWhereNamedAndInIPv4Alone()
    {
        var link = Of(Loopback, named: "lo");

        Assert.Null(Of(Loopback));
        Assert.Equal((IPAddress.Loopback, null), (link!.V4, link.V6));
    }

    [Theory]
    [InlineData("0.0.0.0", "192.168.1.5", null)]
    [InlineData("192.168.1.5", "192.168.1.5", null)]
    [InlineData("::ffff:192.168.1.5", "192.168.1.5", null)]
    [InlineData("2001:db8:1:1::5", null, "2001:db8:1:1::5")]
    public void Of_ADaemonThatListensAtOneAddress_SendsFromThere(string self, string? v4, string? v6)
    {
        var link = Of(Ethernet, self);

        Assert.Equal((v4, v6), (link!.V4?.ToString(), link.V6?.ToString()));
    }

    [Theory]
    [InlineData("192.168.2.5")] // on another interface
    [InlineData("127.0.0.1")]
    public void Of_ADaemonThatNobodyHereCouldReach_IsNone(string self) => Assert.Null(Of(Ethernet, self));

    [Fact]
    public void Of_ADaemonOnALoopbackAddress_SendsFromThere() =>
        Assert.Equal("127.9.8.7", Of(Loopback, "127.9.8.7", "lo")!.V4?.ToString());

    [Theory]
    [InlineData("192.168.1.77", true)]
    [InlineData("192.168.2.77", false)] // a private address, but not here
    [InlineData("10.0.0.1", false)]
    [InlineData("169.254.3.3", true)]
    [InlineData("198.51.100.8", false)]
    [InlineData("8.8.8.8", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("fe80::77%7", true)]
    [InlineData("fe80::77%8", false)] // by another interface
    [InlineData("2001:db8:1:1::77", true)]
    [InlineData("2001:db8:1:2::77", false)]
    [InlineData("fd00:1::77", false)]
    [InlineData("::1", false)]
    [InlineData("100.100.100.200", false)]
    public void Has_ASender_OnlyIfItCanBeOnTheLink(string sender, bool expected) =>
        Assert.Equal(expected, Of(Ethernet)!.Has(IPAddress.Parse(sender)));

    [Fact]
    public void Has_AddressesFromDhcpV6_ThatOfThe64IsOnTheLink() =>
        Assert.True(Of(New("eth0", "fe80::5/64", "fd00:1::5/128"))!.Has(IPAddress.Parse("fd00:1::6")));

    [Fact]
    public void Has_LoopbackSender_OnLoopbackAlone() => Assert.True(Of(Loopback, named: "lo")!.Has(IPAddress.Parse("127.9.8.7")));

    [Fact]
    public void IsSameAs_AnotherNetworkOnTheSameInterface_No()
    {
        var link = Of(Ethernet)!;

        Assert.True(link.IsSameAs(Of(Ethernet)));
        Assert.False(link.IsSameAs(Of(New("eth0", "192.168.9.5/24", "fe80::5/64", "2001:db8:1:1::5/64"))));
        Assert.False(link.IsSameAs(Of(New("eth0", "192.168.1.5/24", "fe80::5/64", "2001:db8:1:2::5/64"))));
        Assert.False(link.IsSameAs(null));
    }

    [Fact]
    public void Choose_MoreInterfacesThanAreUsed_ThoseWithIPv4First()
    {
        var containers = Enumerable.Range(10, 100).Select(index => New($"veth{index}", "fe80::1/64") with { Index = index });

        var chosen = Link.Choose(containers.Append(Ethernet with { Index = 200 }), new LanOptions(), Environment("::"));

        Assert.Equal(new LanOptions().MaxInterfaces, chosen.Length);
        Assert.Equal(["eth0", "veth10", "veth11"], chosen.Take(3).Select(link => link.Name));
    }

    private static Link? Of(Interface found, string self = "::", string? named = null) =>
        Link.Of(found, named is null ? [] : [named], Environment(self));

    private static LanEnvironment Environment(string self) =>
        new(new IPEndPoint(IPAddress.Parse(self), 9977), PeerReach.World, NetworkSecret.None);

    private static Interface New(string name, params string[] addresses) => new(
        7, name, true, true, false,
        [
            .. addresses.Select(text => text.Split('/')).Select(
                parts => (IPAddress.Parse(parts[0]), int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture))),
        ]);
}
