namespace AptP2P.Dht.Kademlia;

/// <summary>
/// The node in one address family (BEP 32: IPv4 and IPv6 are two DHTs). Each has an id of its own, because an id is bound to an address (BEP 42).
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

    public NodeId Id => Table.Own;

    public RoutingTable Table { get; }

    public RecentNodes Recent { get; }

    public RoundTrips RoundTrips { get; }

    public NetworkSize Size { get; } = new();

    public AddressVotes Votes { get; } = new();

    /// <summary>Our endpoint as others see it, once known.</summary>
    public UdpEndpoint? External { get; private set; }

    /// <summary>Where we serve, as others would reach it; nothing while that is not known.</summary>
    public UdpEndpoint? OwnPeer =>
        Bound.Scope() != AddressScope.None ? Bound.WithPort(_servicePort) : External?.WithPort(_servicePort);

    public Want Want => IsV6 ? Want.V6 : Want.V4;

    public int NodeSize => NodeId.Size + (IsV6 ? UdpEndpoint.CompactSize6 : UdpEndpoint.CompactSize);

    public void Send(ReadOnlySpan<byte> datagram, UdpEndpoint to)
    {
        _traffic.PacketsOut++;
        _traffic.BytesOut += datagram.Length;
        _sender.Send(datagram, to);
    }

    /// <summary>How long to wait for a node before going on without it: a node known to be slow gets the time it is known to need.</summary>
    public TimeSpan StallFor(UdpEndpoint node)
    {
        var stall = RoundTrips.Stall;
        if (Table.Find(node) is not { } contact)
        {
            return stall;
        }

        var needs = (contact.RoundTrip * 1.5) + _options.StallMin;
        return needs < stall ? stall : needs < _options.StallMax ? needs : _options.StallMax;
    }

    /// <summary>Whether an endpoint is this very node, as far as it knows itself.</summary>
    public bool IsSelf(UdpEndpoint endpoint) => endpoint == Bound || (External is { } external && endpoint == external);

    /// <summary>Whether a peer found is this very node.</summary>
    public bool IsSelfPeer(UdpEndpoint peer) =>
        peer.Port == _servicePort && (peer.Address == Bound.Address || (External is { } external && peer.Address == external.Address));

    /// <summary>A node says how it sees us.</summary>
    public void SeenAs(ReadOnlySpan<byte> compact, UdpEndpoint voter)
    {
        if (compact.Length != (IsV6 ? UdpEndpoint.CompactSize6 : UdpEndpoint.CompactSize))
        {
            return;
        }

        var seen = UdpEndpoint.FromCompact(compact);
        if (seen.MayBeToldBy(voter))
        {
            Votes.Add(voter, seen);
            External = Votes.Leader.Endpoint;
        }
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
