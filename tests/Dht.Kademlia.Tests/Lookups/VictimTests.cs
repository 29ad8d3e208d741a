using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Tests.Simulation;
using Xunit;
using static AptP2P.Dht.Kademlia.Tests.ForeignNodes;

namespace AptP2P.Dht.Kademlia.Tests.Lookups;

/// <summary>What a node names is what others connect to: nobody's victim must be among it, or not often.</summary>
public sealed class VictimTests
{
    private static readonly NodeId Key = NodeId.HashOf("a key"u8);
    private static readonly UdpEndpoint Stranger = Subject.At("198.51.100.1:6881");

    [Fact]
    public void Search_AllPortsOfAVictim_FindsThree()
    {
        var found = Search(Enumerable.Range(1, 300).Select(port => Subject.At("192.0.2.1:1").WithPort((ushort)(port * 200))));

        Assert.Equal(3, found.Count);
        Assert.All(found, static peer => Assert.InRange(peer.Port, 1024, 65535));
    }

    [Fact]
    public void Search_AllAddressesOfAVictim_FindsTwenty() =>
        Assert.Equal(20, Search(Enumerable.Range(1, 250).Select(host => UdpEndpoint.FromV4(0xc0000200 + (uint)host, 9977))).Count);

    [Fact]
    public void Search_AllNetworksOfAV6Victim_FindsTwenty() =>
        Assert.Equal(
            20,
            Search(Enumerable.Range(1, 150).Select(network => UdpEndpoint.FromV6(0x20010db8_00050000 + (ulong)network, 1, 9977))).Count);

    [Fact]
    public void Search_AnswerThatNamesHundreds_FindsFifty() =>
        Assert.Equal(50, Search(Enumerable.Range(1, 300).Select(SimulatedNetworks.Address)).Count);

    [Fact]
    public void Search_NearAddressesToldByAStranger_FindsNone() =>
        Assert.Empty(
            Search([
                Subject.At("127.0.0.1:9977"), Subject.At("192.168.1.1:9977"), Subject.At("169.254.169.254:8080"),
                Subject.At("168.63.129.16:32526"), Subject.At("[64:ff9b::7f00:1]:9977"),
            ]));

    [Fact]
    public void Search_ManyPeers_EndsWhenItHasEnough()
    {
        var found = Search(Enumerable.Range(1, 300).Select(SimulatedNetworks.Address), new KademliaOptions { MaxPeersPerSearch = 30 });

        Assert.Equal(30, found.Count);
        Assert.True(found.IsEnded);
    }

    [Theory]
    [InlineData("192.168.1.5:6881", "10.0.0.9:6881", true)]
    [InlineData("192.168.1.5:6881", "127.0.0.9:6881", true)]
    [InlineData("192.168.1.5:6881", "198.51.100.1:6881", false)]
    [InlineData("127.0.0.5:6881", "192.168.1.9:6881", false)]
    [InlineData("198.51.100.7:6881", "192.168.1.9:6881", true)]
    public void GetPeers_PeerOfAScope_IsToldToWhoIsAsNear(string peer, string requester, bool isTold)
    {
        var subject = new Subject();
        Announce(subject, Subject.At(peer));

        Assert.Equal(
            isTold, Subject.Body(subject.Ask(Subject.At(requester), "get_peers", ("info_hash", Key.ToArray()))).ContainsKey("values"));
    }

    [Fact]
    public void FindNode_NodeOfOurNetwork_IsNotToldToAStranger()
    {
        var subject = new Subject();
        var near = Subject.At("192.168.1.5:6881");
        subject.Meet(near, new NodeId(Subject.IdOf(near)));

        Assert.Empty((string)Subject.Body(subject.Ask(Stranger, "find_node", ("target", Key.ToArray())))["nodes"]);
        Assert.Equal(
            26, ((string)Subject.Body(subject.Ask(Subject.At("10.0.0.9:6881"), "find_node", ("target", Key.ToArray())))["nodes"]).Length);
    }

    private static void Announce(Subject subject, UdpEndpoint from)
    {
        var token = Subject.Body(subject.Ask(from, "get_peers", ("info_hash", Key.ToArray())))["token"];
        subject.Ask(from, "announce_peer", ("info_hash", Key.ToArray()), ("port", 6881), ("token", token));
    }

    /// <summary>What a search takes when the one node that it knows tells all of these.</summary>
    private static Found Search(IEnumerable<UdpEndpoint> told, KademliaOptions? options = null)
    {
        var subject = new Subject(options);
        var node = ForeignNode(1);
        subject.Meet(node.At, node.Id, TimeSpan.FromMilliseconds(10));
        subject.TakeSent();
        var found = new Found();
        subject.Node.FindPeers(Key, found);
        subject.AnswerAll(node.At, node.Id, ("values", told.Select(static peer => (object)Compact(peer)).ToList()));
        return found;
    }

    private sealed class Found : List<UdpEndpoint>, IPeerSink
    {
        public bool IsEnded { get; private set; }

        void IPeerSink.Found(UdpEndpoint peer, ReadOnlySpan<byte> claim) => Add(peer);

        public void Ended() => IsEnded = true;
    }
}
