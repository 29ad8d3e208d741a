using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Testing;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

/// <summary>
/// One of many nodes that sit around a key to hide it: it names its fellows as the nearest nodes, takes announcements and gives none away.
/// </summary>
internal sealed class HostileNode : SimulatedHost
{
    private readonly NodeId _id;
    private readonly List<HostileNode> _fellows;

    public HostileNode(SimulatedNetwork network, UdpEndpoint endpoint, NodeId id, List<HostileNode> fellows)
        : base(network, endpoint)
    {
        (_id, _fellows) = (id, fellows);
        fellows.Add(this);
        network.Add(this);
    }

    /// <summary>Announcements that it has taken.</summary>
    public int Told { get; private set; }

    /// <summary>The id, among those that BEP 42 allows at an address, that is nearest to a key.</summary>
    public static NodeId NearestId(UdpEndpoint endpoint, NodeId key, Random random) =>
        Enumerable.Range(0, 8).Select(seed => BoundNodeId.Create(endpoint, (byte)seed, random)).MinBy(id => id ^ key);

    /// <summary>Makes itself known to an honest node, as if it were one.</summary>
    public void Introduce(UdpEndpoint honest) =>
        Network.Send(Endpoint, honest, PlainBencode.Encode(Subject.Query("find_node", ("id", _id.ToArray()), ("target", _id.ToArray()))));

    public override void Receive(ReadOnlySpan<byte> datagram, UdpEndpoint from)
    {
        if (!KrpcMessage.TryParse(datagram, out var query) || query.Kind != KrpcKind.Query)
        {
            return;
        }

        Told += query.Method == KrpcMethod.AnnouncePeer ? 1 : 0;
        var target = query.Target;
        Span<byte> node = stackalloc byte[26];
        var nodes = new List<byte>();
        foreach (var fellow in _fellows.OrderBy(fellow => fellow._id ^ target).Take(query.HasTarget ? 8 : 0))
        {
            fellow._id.CopyTo(node);
            fellow.Endpoint.WriteCompact(node[NodeId.Size..]);
            nodes.AddRange(node);
        }

        Network.Send(Endpoint, from, Subject.Answer(
            PlainBencode.Text(query.Transaction), _id, ("nodes", nodes.ToArray()), ("token", "anything")));
    }

    public override void Dispose()
    {
    }
}
