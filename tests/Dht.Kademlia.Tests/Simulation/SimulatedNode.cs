using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Node;
using AptP2P.Dht.Kademlia.Queries;
using AptP2P.Dht.Kademlia.Routing;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

/// <summary>A node of the code under test in a simulated network; behind a router it knows nothing of its public address.</summary>
internal sealed class SimulatedNode : SimulatedHost, IDatagramSender
{
    public SimulatedNode(
        SimulatedNetwork network, UdpEndpoint endpoint, KademliaOptions options, NodeId? id = null, SimulatedRouter? router = null,
        NetworkSecret? secret = null)
        : base(network, endpoint)
    {
        Router = router;
        var bound = router is null ? endpoint : UdpEndpoint.FromV4(0, endpoint.Port);
        var family = new FamilySetup(bound, id ?? BoundNodeId.Create(bound, network.Random), endpoint.Port);
        var setup = endpoint.IsV6 ? new NodeSetup(null, family) : new NodeSetup(family, null);
        setup = setup with { Secret = secret ?? NetworkSecret.None, LookupEnded = Reports.Add };
        Node = new KademliaNode(options, setup, this, network.Time, new Random(network.Random.Next()));
        network.Add(this);
    }

    public SimulatedRouter? Router { get; set; }

    public KademliaNode Node { get; }

    public List<LookupReport> Reports { get; } = [];

    public Family Family => Node.Families.All[0];

    public void Send(ReadOnlySpan<byte> datagram, UdpEndpoint to)
    {
        if (Router is null)
        {
            Network.Send(Endpoint, to, datagram);
        }
        else if (!to.IsLocal())
        {
            Router.Send(this, to, datagram);
        }
        else if (to.Subnet == Endpoint.Subnet)
        {
            Network.Send(Endpoint, to, datagram);
        }
    }

    public override void Receive(ReadOnlySpan<byte> datagram, UdpEndpoint from) => Node.Receive(datagram, from);

    public override void Dispose() => Node.Dispose();
}
