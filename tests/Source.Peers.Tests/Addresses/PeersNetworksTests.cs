using System.Net;
using AptP2P.Source.Peers.Addresses;
using AptP2P.Source.Peers.Configuration;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Addresses;

public sealed class PeersNetworksTests
{
    [Theory]
    [InlineData(PeerReach.World, "9.9.9.9", true)]
    [InlineData(PeerReach.World, "192.168.7.9", true)]
    [InlineData(PeerReach.Lan, "9.9.9.9", false)]
    [InlineData(PeerReach.Lan, "192.168.1.9", true)]
    [InlineData(PeerReach.Lan, "127.0.0.2", true)]
    [InlineData(PeerReach.Lan, "fe80::7", true)]
    [InlineData(PeerReach.Lan, "2a02:908::7", true)] // of a link of this machine
    [InlineData(PeerReach.Lan, "2a02:909::7", false)]
    [InlineData(PeerReach.Off, "127.0.0.2", false)]
    public void Include_Address_AsFarAsTheReach(PeerReach reach, string address, bool expected) =>
        Assert.Equal(expected, Make(reach).Include(IPAddress.Parse(address)));

    [Theory]
    [InlineData("192.168.1.9", true)]
    [InlineData("192.168.7.9", false)]
    [InlineData("10.0.0.9", false)]
    public void Include_ReachIsTheLanAndNetworksAreListed_BothHold(string address, bool expected)
    {
        var networks = Make(PeerReach.Lan, new PeersOptions
        {
            Networks = [IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("9.0.0.0/8")],
            ExceptNetworks = [IPNetwork.Parse("192.168.7.0/24")],
        });

        Assert.Equal(expected, networks.Include(IPAddress.Parse(address)));
        Assert.False(networks.Include(IPAddress.Parse("9.9.9.9")));
    }

    private static PeersNetworks Make(PeerReach reach, PeersOptions? options = null) =>
        new(
            Microsoft.Extensions.Options.Options.Create(options ?? new PeersOptions()),
            new ListedAddresses("192.168.1.5") { Near = [IPNetwork.Parse("2a02:908::/64")] }, reach);
}
