using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Addressing;

public sealed class EndpointScopesTests
{
    [Theory]
    [InlineData("127.0.0.5:9977", "127.0.0.9:1", true)]
    [InlineData("127.0.0.5:9977", "192.168.1.9:1", false)]
    [InlineData("127.0.0.5:9977", "8.8.8.8:1", false)]
    [InlineData("192.168.1.5:9977", "127.0.0.9:1", true)]
    [InlineData("192.168.1.5:9977", "10.0.0.9:1", true)]
    [InlineData("192.168.1.5:9977", "8.8.8.8:1", false)]
    [InlineData("100.64.1.5:9977", "8.8.8.8:1", false)]
    [InlineData("[fe80::5]:9977", "[fd00::9]:1", true)]
    [InlineData("[fe80::5]:9977", "[2a04::9]:1", false)]
    [InlineData("8.8.4.4:9977", "8.8.8.8:1", true)]
    [InlineData("8.8.4.4:9977", "192.168.1.9:1", true)]
    [InlineData("[2a04::5]:9977", "[2a04::9]:1", true)]
    [InlineData("8.8.4.4:1023", "8.8.8.8:1", false)]
    [InlineData("8.8.4.4:1024", "8.8.8.8:1", true)]
    [InlineData("168.63.129.16:9977", "192.168.1.9:1", false)]
    [InlineData("100.100.100.200:9977", "192.168.1.9:1", false)]
    [InlineData("[fd00:ec2::254]:9977", "[fd00::9]:1", false)]
    [InlineData("[64:ff9b::7f00:1]:9977", "[::1]:1", false)]
    [InlineData("[64:ff9b:1::7f00:1]:9977", "[2a04::9]:1", false)]
    [InlineData("[2002:7f00:1::]:9977", "[2a04::9]:1", false)]
    [InlineData("[2001:0:1::]:9977", "[2a04::9]:1", false)]
    [InlineData("[::7f00:1]:9977", "[2a04::9]:1", false)]
    [InlineData("224.0.0.1:9977", "8.8.8.8:1", false)]
    public void MayBeTold_Endpoint_OnlyToAndByWhoIsAsNear(string endpoint, string other, bool expected) =>
        Assert.Equal(expected, Subject.At(endpoint).MayBeTold(Subject.At(other), new KademliaOptions()));
}
