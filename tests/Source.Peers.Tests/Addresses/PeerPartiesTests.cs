using System.Net;
using AptP2P.Source.Peers.Addresses;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Addresses;

public sealed class PeerPartiesTests
{
    private readonly PeerParties _parties = new(new ListedAddresses("192.168.1.5") { Near = [IPNetwork.Parse("2a02:908::/64")] });

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    public void Of_Address_OneHost(string address, string party) =>
        Assert.Equal(IPAddress.Parse(party), _parties.Of(IPAddress.Parse(address)));

    [Theory]
    [InlineData("fe80::1:2:3:4")]
    [InlineData("fd00:0:0:1:1:2:3:4")]
    [InlineData("2a02:908::1:2:3:4")] // of a link of this machine
    public void Of_Neighbour_ItselfAlone(string address) => Assert.Equal(IPAddress.Parse(address), _parties.Of(IPAddress.Parse(address)));
}
