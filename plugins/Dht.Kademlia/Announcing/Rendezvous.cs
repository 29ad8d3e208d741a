using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Queries;

namespace AptP2P.Dht.Kademlia.Announcing;

/// <summary>
/// Looks a key up and announces a port for it in one: the nodes that say who is there are those that are told of us. For a DHT that should
/// not be burdened.
/// </summary>
internal sealed class Rendezvous(NodeId key, NodeParts parts, RendezvousPorts ports, IPeerSink sink) : ILookupSink, IQueryOwner
{
    private readonly PeerSearch _found = new(key, parts, sink); // never started: it has the limits of what one may be told
    private int _running;

    /// <summary>It is short, and stalled nodes are not asked again.</summary>
    public bool IsSatisfied => true;

    /// <summary>Begins with the nodes of the table, and with endpoints where others are said to be.</summary>
    public void Start(IReadOnlyList<UdpEndpoint> entrances)
    {
        var plan = new LookupPlan(KrpcMethod.GetPeers, key, parts.Options.Parallelism, KeepTokens: true, Insist: true);
        _running = parts.Families.All.Count;
        foreach (var family in parts.Families.All)
        {
            new Lookup(family, plan, parts, this).Start(entrances);
        }
    }

    public void Answered(Lookup lookup, Candidate candidate, in KrpcMessage answer)
    {
        var peers = new CompactPeers(answer.Values, answer.Claims);
        for (var taken = 0; taken < parts.Options.MaxPeersPerAnswer && peers.TryNext(out var peer, out _); taken++)
        {
            if (peer.MayBeTold(candidate.Endpoint, parts.Options))
            {
                _found.Offer(lookup.Family, peer, default);
            }
        }
    }

    public void Ended(Lookup lookup)
    {
        var port = lookup.Family.IsV6 ? ports.V6 : ports.V4;
        foreach (var node in port == 0 ? [] : lookup.Nearest.Take(parts.Options.BucketSize))
        {
            if (node.Token is { } token)
            {
                var body = new QueryBody { Method = KrpcMethod.AnnouncePeer, Target = key, Port = port, Token = token };
                parts.Queries.Send(lookup.Family, node.Endpoint, node.Id, body, this);
            }
        }

        if (--_running == 0)
        {
            _found.Cancel();
        }
    }

    void IQueryOwner.Answered(Query query, in KrpcMessage answer)
    {
    }

    void IQueryOwner.Stalled(Query query)
    {
    }

    void IQueryOwner.Failed(Query query)
    {
    }
}

/// <summary>At which UDP port others reach us, in each family; 0: not to be announced.</summary>
internal readonly record struct RendezvousPorts(ushort V4, ushort V6)
{
    public bool Any => V4 != 0 || V6 != 0;
}
