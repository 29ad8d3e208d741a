using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Messages;

namespace AptP2P.Dht.Kademlia.Routing;

/// <summary>
/// The node in one address family: IPv4 and IPv6 are two DHTs (<see href="https://www.bittorrent.org/beps/bep_0032.html">BEP 32</see>). In
/// each it has an id of its own, because an id is bound to an address
/// (<see href="https://www.bittorrent.org/beps/bep_0042.html">BEP 42</see>).
/// </summary>
internal sealed class Family
{
    private readonly KademliaOptions _options;
    private readonly ushort _servicePort;
    private readonly AddressVotes _publicVotes = new(); // how nodes on the Internet see us
    private readonly AddressVotes _localVotes = new(); // how nodes on the local network do
    private UdpEndpoint? _shown;

    public Family(FamilySetup setup, KademliaOptions options)
    {
        (_options, _servicePort, Bound, IsV6) = (options, setup.ServicePort, setup.Bound, setup.Bound.IsV6);
        (Vicinity, Standing) = (setup.Vicinity, new Standing { AnswersWorld = !options.ReadOnly });
        ToldPort = _servicePort;
        Table = new RoutingTable(setup.Id, options);
        Recent = new RecentNodes(options.RecentNodes, options.GoodNodeLife);
    }

    public bool IsV6 { get; }

    /// <summary>The endpoint of our own socket; its address may be unspecified.</summary>
    public UdpEndpoint Bound { get; }

    /// <summary>Our socket at this machine's loopback address.</summary>
    public UdpEndpoint Loopback => IsV6 ? UdpEndpoint.FromV6(0, 1, Bound.Port) : UdpEndpoint.FromV4(0x7f000001, Bound.Port);

    public NodeId Id => Table.Own;

    public RoutingTable Table { get; private set; }

    public RecentNodes Recent { get; }

    public NetworkSize Size { get; } = new();

    public Vicinity Vicinity { get; }

    /// <summary>What this node is to others, as far as is known at the moment.</summary>
    public Standing Standing { get; set; }

    /// <summary>Our endpoint as others see it, once known.</summary>
    public UdpEndpoint? External => _publicVotes.Leader ?? _localVotes.Leader;

    /// <summary>The same as nodes that are not on a local network see it.</summary>
    public UdpEndpoint? OuterEndpoint => _publicVotes.Leader;

    /// <summary>Whether too few nodes have said how they see us to be sure of our address.</summary>
    public bool NeedsVotes => Bound.Scope() == AddressScope.Nobody && _publicVotes.Agreeing < _options.MinAddressVotes;

    public Want Want => IsV6 ? Want.V6 : Want.V4;

    /// <summary>Estimates the size of the network from how dense it is around us.</summary>
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

    /// <summary>
    /// Whether somebody may want to keep a key here: nobody asks a node for a key to which many others are nearer, but those nearby.
    /// </summary>
    public bool Keeps(NodeId key, UdpEndpoint requester) =>
        (key ^ Id).Fraction <= Size.PlausibleDistance(_options.FarthestRank) || Vicinity.IsNear(requester);

    /// <summary>
    /// Whether an endpoint is this node's own, as far as that was shown. That others see it there shows nothing: behind a router, another
    /// host may have had the port before, or have it now.
    /// </summary>
    public bool IsSelf(UdpEndpoint endpoint) =>
        endpoint == Bound || endpoint == _localVotes.Leader || endpoint == _shown || endpoint == Standing.MappedUdp;

    /// <summary>A query that was sent to an endpoint has come back to us.</summary>
    public void ShownAsSelf(UdpEndpoint endpoint) => _shown = endpoint;

    /// <summary>
    /// Whether a peer that was found is this daemon itself. The router's address is not: all hosts behind it are announced with it.
    /// </summary>
    public bool IsSelfPeer(UdpEndpoint peer) =>
        peer == Standing.MappedTcp
        || (peer.Port == _servicePort
            && (peer.Address == Bound.Address || peer.Address == _localVotes.Leader?.Address || Vicinity.IsOwn(peer)));

    /// <summary>Whether both near nodes and others are known: then the nodes nearest to a key are hardly ever near ones.</summary>
    public bool IsMixed
    {
        get
        {
            var (near, far) = (false, false);
            foreach (var contact in Table.Contacts)
            {
                if (Vicinity.IsNear(contact.Endpoint))
                {
                    near = true;
                }
                else
                {
                    far = true;
                }
            }

            return near && far;
        }
    }

    /// <summary>Whether a node may ask us all there is.</summary>
    public bool Answers(UdpEndpoint node) => Standing.AnswersWorld || Vicinity.IsNear(node);

    /// <summary>Whether a node is told what we have.</summary>
    public bool AnnouncesTo(UdpEndpoint node) => Standing.AnnouncesToWorld || Vicinity.IsNear(node);

    /// <summary>The TCP port at which a node, and those whom it tells of us, reach what we serve.</summary>
    public ushort PortFor(UdpEndpoint node) => Vicinity.IsNear(node) ? _servicePort : WorldPort;

    /// <summary>The TCP port at which others than near nodes reach what we serve.</summary>
    public ushort WorldPort => Standing.MappedTcp?.Port ?? _servicePort;

    /// <summary>The port that they were told last, by an earlier run too.</summary>
    public ushort ToldPort { get; set; }

    /// <summary>Where a requester would reach what we serve; <see langword="null"/> while that is not known.</summary>
    public UdpEndpoint? OwnPeerFor(UdpEndpoint requester)
    {
        var own = Bound.Scope() != AddressScope.Nobody ? Bound
            : requester.IsLocal() ? _localVotes.Leader
            : Standing.MappedTcp ?? _publicVotes.Leader;
        return own is { } at && at.MayBeTold(requester) && AnnouncesTo(requester) ? at.WithPort(PortFor(requester)) : null;
    }

    /// <summary>A node says how it sees us.</summary>
    /// <returns>Whether that changed what we take for our own endpoint.</returns>
    public bool SeenAs(ReadOnlySpan<byte> compact, UdpEndpoint voter)
    {
        if (compact.Length != UdpEndpoint.SizeOf(IsV6))
        {
            return false;
        }

        var seen = UdpEndpoint.FromCompact(compact);
        return seen.MayBeTold(voter) && (voter.IsLocal() ? _localVotes : _publicVotes).Add(voter, seen);
    }

    /// <summary>An id that belongs to our address, if enough nodes agree on the address and our id does not belong to it.</summary>
    /// <param name="random">For the bits that the address does not decide.</param>
    /// <param name="few">
    /// Whether the majority of all nodes that are known is enough, if they are few. It is not while we are still meeting others: the first
    /// that we meet would choose our id.
    /// </param>
    public NodeId? NewId(Random random, bool few)
    {
        var enough = _options.MinAddressVotes;
        if (few)
        {
            enough = Math.Min(enough, (Table.CountSubnets(enough * 2) / 2) + 1);
        }

        return _publicVotes.Leader is { } external && _publicVotes.Agreeing >= enough && !BoundNodeId.Complies(Id, external)
            ? BoundNodeId.Create(external, random)
            : null;
    }

    /// <summary>The machine has come to another network: what others said of our address no longer holds.</summary>
    public void NetworkChanged()
    {
        _publicVotes.Forget();
        _localVotes.Forget();
        _shown = null;
        Vicinity.Forget();
    }

    /// <summary>Takes another id and arranges the table around it.</summary>
    public void Rename(NodeId id, TimeSpan now)
    {
        var table = new RoutingTable(id, _options);
        table.TakeOver(Table, now);
        Table = table;
    }
}

/// <summary>How a node begins in one family.</summary>
/// <param name="Bound">Its own socket.</param>
/// <param name="Id">Its id.</param>
/// <param name="ServicePort">The TCP port at which it serves what it announces.</param>
internal sealed record FamilySetup(UdpEndpoint Bound, NodeId Id, ushort ServicePort)
{
    /// <summary>Which nodes are near.</summary>
    public Vicinity Vicinity { get; init; } = Vicinity.Local;
}
