using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Queries;
using AptP2P.Dht.Kademlia.Routing;

namespace AptP2P.Dht.Kademlia.Node;

/// <summary>
/// The node in one address family (BEP 32: IPv4 and IPv6 are two DHTs). Each has an id of its own, because an id is bound to an address
/// (BEP 42).
/// </summary>
internal sealed class Family
{
    private readonly KademliaOptions _options;
    private readonly IDatagramSender _sender;
    private readonly Traffic _traffic;
    private readonly ushort _servicePort;

    public Family(FamilySetup setup, KademliaOptions options, IDatagramSender sender, Traffic traffic)
    {
        (_options, _sender, _traffic, Bound, IsV6) = (options, sender, traffic, setup.Bound, setup.Bound.IsV6);
        _servicePort = setup.ServicePort;
        var id = setup.Id;
        Table = new RoutingTable(id, options);
        RoundTrips = new RoundTrips(options);
        Recent = new RecentNodes(options.RecentNodes, options.GoodNodeLife);
    }

    public bool IsV6 { get; }

    /// <summary>Our own socket; its address may be unspecified.</summary>
    public UdpEndpoint Bound { get; }

    /// <summary>An address of this very machine.</summary>
    public UdpEndpoint Loopback => IsV6 ? UdpEndpoint.FromV6(0, 1, Bound.Port) : UdpEndpoint.FromV4(0x7f000001, Bound.Port);

    public NodeId Id => Table.Own;

    public RoutingTable Table { get; private set; }

    public RecentNodes Recent { get; }

    public RoundTrips RoundTrips { get; }

    public NetworkSize Size { get; } = new();

    /// <summary>How nodes on the Internet see us, and how those on the local network do.</summary>
    public AddressVotes PublicVotes { get; } = new();

    public AddressVotes LocalVotes { get; } = new();

    /// <summary>Our endpoint as others see it, once known.</summary>
    public UdpEndpoint? External => PublicVotes.Leader ?? LocalVotes.Leader;

    public Want Want => IsV6 ? Want.V6 : Want.V4;

    public int NodeSize => NodeId.Size + (IsV6 ? UdpEndpoint.CompactSize6 : UdpEndpoint.CompactSize);

    public void Send(ReadOnlySpan<byte> datagram, UdpEndpoint to)
    {
        _traffic.PacketsOut++;
        _traffic.BytesOut += datagram.Length;
        _sender.Send(datagram, to);
    }

    /// <summary>How long to wait for a node before going on without it: what it is known to need, or what nodes need.</summary>
    public TimeSpan StallFor(UdpEndpoint node)
    {
        if (Table.Find(node) is not { } contact)
        {
            return RoundTrips.Stall;
        }

        var needs = (contact.RoundTrip * 1.25) + _options.StallMin;
        return needs < _options.StallMax ? needs : _options.StallMax;
    }

    /// <summary>Learns of the network's size from how dense it is around us.</summary>
    public void MeasureNeighbourhood()
    {
        var nearest = Table.Closest(Id, _options.BucketSize);
        if (nearest.Length == _options.BucketSize)
        {
            Span<NodeId> distances = stackalloc NodeId[nearest.Length];
            for (var i = 0; i < nearest.Length; i++)
            {
                distances[i] = nearest[i].Id ^ Id;
            }

            Size.SetNeighbourhood(distances);
        }
    }

    /// <summary>Whether an endpoint is this very node, as far as it knows itself.</summary>
    public bool IsSelf(UdpEndpoint endpoint) => endpoint == Bound || endpoint == PublicVotes.Leader || endpoint == LocalVotes.Leader;

    /// <summary>Whether a peer found is this very node.</summary>
    public bool IsSelfPeer(UdpEndpoint peer) =>
        peer.Port == _servicePort
        && (peer.Address == Bound.Address || peer.Address == PublicVotes.Leader?.Address || peer.Address == LocalVotes.Leader?.Address);

    /// <summary>Where somebody would reach what we serve; nothing while that is not known.</summary>
    public UdpEndpoint? OwnPeerFor(UdpEndpoint requester)
    {
        var own = Bound.Scope() != AddressScope.Nobody ? Bound : (requester.IsLocal() ? LocalVotes : PublicVotes).Leader;
        return own is { } at && at.MayBeTold(requester) ? at.WithPort(_servicePort) : null;
    }

    /// <summary>A node says how it sees us.</summary>
    /// <returns>Whether that changed what we take for our own endpoint.</returns>
    public bool SeenAs(ReadOnlySpan<byte> compact, UdpEndpoint voter)
    {
        if (compact.Length != (IsV6 ? UdpEndpoint.CompactSize6 : UdpEndpoint.CompactSize))
        {
            return false;
        }

        var seen = UdpEndpoint.FromCompact(compact);
        return seen.MayBeTold(voter) && (voter.IsLocal() ? LocalVotes : PublicVotes).Add(voter, seen);
    }

    /// <summary>An id that belongs to our address (BEP 42), if enough nodes agree on what it is and the present one does not.</summary>
    public NodeId? NewId(Random random) =>
        PublicVotes.Leader is { } external && PublicVotes.Agreeing >= _options.MinAddressVotes
        && !BoundNodeId.Complies(Id, external) ? BoundNodeId.Create(external, random) : null;

    /// <summary>Takes another id and arranges the table around it.</summary>
    public void Rename(NodeId id, TimeSpan now)
    {
        var table = new RoutingTable(id, _options);
        table.TakeOver(Table, now);
        Table = table;
    }
}

/// <summary>What a node is in one family.</summary>
/// <param name="Bound">Its own socket.</param>
/// <param name="Id">Its id.</param>
/// <param name="ServicePort">The TCP port that it announces.</param>
internal sealed record FamilySetup(UdpEndpoint Bound, NodeId Id, ushort ServicePort);

/// <summary>The way out: a socket, or a simulated network. A datagram that cannot be sent is lost, as datagrams are.</summary>
internal interface IDatagramSender
{
    void Send(ReadOnlySpan<byte> datagram, UdpEndpoint to);
}
