namespace AptP2P.Dht.Kademlia.Tests;

/// <summary>A node of the code under test in a simulated network.</summary>
internal sealed class SimulatedNode : IDatagramSender, IDisposable
{
    private readonly SimulatedNetwork _network;

    public SimulatedNode(SimulatedNetwork network, UdpEndpoint endpoint, KademliaOptions options, NodeId? id = null, TimeSpan delay = default)
    {
        (_network, Endpoint, Delay) = (network, endpoint, delay);
        var family = new FamilySetup(endpoint, id ?? BoundNodeId.Create(endpoint, network.Random), endpoint.Port);
        var setup = endpoint.IsV6 ? new NodeSetup(null, family) : new NodeSetup(family, null);
        Node = new KademliaNode(options, setup with { LookupEnded = Reports.Add }, this, network.Time, new Random(network.Random.Next()));
        network.Add(this);
    }

    public UdpEndpoint Endpoint { get; }

    /// <summary>Between this node and the middle of the network, one way.</summary>
    public TimeSpan Delay { get; }

    public KademliaNode Node { get; }

    public List<LookupReport> Reports { get; } = [];

    public Family Family => Node.Families.All[0];

    public void Send(ReadOnlySpan<byte> datagram, UdpEndpoint to) => _network.Send(Endpoint, to, datagram);

    public void Receive(ReadOnlySpan<byte> datagram, UdpEndpoint from) => Node.Receive(datagram, from);

    public void Dispose() => Node.Dispose();
}
