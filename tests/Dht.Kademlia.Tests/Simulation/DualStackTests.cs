using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Node;
using AptP2P.Dht.Kademlia.Queries;
using AptP2P.Dht.Kademlia.Routing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

public sealed class DualStackTests
{
    [Fact]
    public void Join_ByAnIPv4NodeOnly_FindsTheIPv6NetworkToo()
    {
        var network = new SimulatedNetwork(seed: 90);
        var nodes = Enumerable.Range(0, 20).Select(index => new DualNode(network, index)).ToList();
        for (var i = 0; i < nodes.Count; i++)
        {
            // The first two know each other in both families; all others have an IPv4 way in only.
            nodes[i].Node.Start(i == 0 ? [] : i == 1 ? [nodes[0].V4, nodes[0].V6] : [nodes[network.Random.Next(i)].V4]);
            network.Time.Advance(TimeSpan.FromSeconds(1));
        }

        network.Time.Advance(TimeSpan.FromMinutes(10));

        Assert.All(nodes, static node => Assert.InRange(node.Node.Families.V6!.Table.Count, 5, 19));
        Assert.All(nodes, static node => Assert.NotEqual(node.Node.Families.V4!.Id, node.Node.Families.V6!.Id));
        var content = SimulatedNetworks.Content(1);
        nodes[3].Node.Announce(content.Key(), content);
        network.Time.Advance(TimeSpan.FromSeconds(10));
        var peers = new Found();
        nodes[15].Node.FindPeers(content.Key(), peers);
        network.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([nodes[3].V4, nodes[3].V6], peers.Peers.OrderBy(static peer => peer.IsV6));
    }

    private sealed class Found : IPeerSink
    {
        public List<UdpEndpoint> Peers { get; } = [];

        void IPeerSink.Found(UdpEndpoint peer, ReadOnlySpan<byte> claim) => Peers.Add(peer);

        public void Ended()
        {
        }
    }

    private sealed class DualNode : IDatagramSender
    {
        private readonly SimulatedNetwork _network;

        public DualNode(SimulatedNetwork network, int index)
        {
            _network = network;
            V4 = SimulatedNetworks.Address(index);
            V6 = UdpEndpoint.FromV6(0x2001_0db8_0000_0000 + (ulong)index, 1, SimulatedNetworks.Port);
            Node = new KademliaNode(new KademliaOptions(), new NodeSetup(Setup(V4), Setup(V6)), this, network.Time, new Random(index));
            network.Add(new Port(network, V4, Node));
            network.Add(new Port(network, V6, Node));
        }

        public UdpEndpoint V4 { get; }

        public UdpEndpoint V6 { get; }

        public KademliaNode Node { get; }

        public void Send(ReadOnlySpan<byte> datagram, UdpEndpoint to) => _network.Send(to.IsV6 ? V6 : V4, to, datagram);

        private FamilySetup Setup(UdpEndpoint bound) => new(bound, BoundNodeId.Create(bound, _network.Random), bound.Port);
    }

    private sealed class Port(SimulatedNetwork network, UdpEndpoint endpoint, KademliaNode node) : SimulatedHost(network, endpoint)
    {
        public override void Receive(ReadOnlySpan<byte> datagram, UdpEndpoint from) => node.Receive(datagram, from);

        public override void Dispose() => node.Dispose();
    }
}
