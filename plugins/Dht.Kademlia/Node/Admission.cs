using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Queries;
using AptP2P.Dht.Kademlia.Routing;

namespace AptP2P.Dht.Kademlia.Node;

/// <summary>
/// Pings nodes that we have only heard of: they get into the table only if they answer, since anyone can send a packet in any node's name.
/// The rate is limited, so that made-up nodes do not make us send more than they cost.
/// </summary>
internal sealed class Admission(NodeParts parts) : IQueryOwner
{
    /// <summary>
    /// The tag of a query to a node that has just asked us. Its answer proves less: a node behind a NAT can be reached only by those that
    /// it has just asked.
    /// </summary>
    public static readonly object HasAsked = new();

    private readonly HashSet<UdpEndpoint> _asked = [];
    private double _allowance = parts.Options.AdmissionBurst;
    private TimeSpan _refilled;

    /// <summary>Pings a node that we have heard of, if the table would take it.</summary>
    public void Consider(Family family, NodeId id, UdpEndpoint endpoint)
    {
        if (family.Vicinity.Admits(endpoint)
            && !family.IsSelf(endpoint)
            && family.Table.WouldTake(id, endpoint)
            && !_asked.Contains(endpoint)
            && TryTake())
        {
            Ping(family, id, endpoint, hasAsked: true);
        }
    }

    /// <summary>Pings a contact, to know whether it is still there.</summary>
    public void Ping(Family family, NodeId? id, UdpEndpoint endpoint) => Ping(family, id, endpoint, hasAsked: false);

    private void Ping(Family family, NodeId? id, UdpEndpoint endpoint, bool hasAsked)
    {
        var tag = hasAsked ? HasAsked : null;
        if (_asked.Add(endpoint) && parts.Queries.Send(family, endpoint, id, new QueryBody { Method = KrpcMethod.Ping }, this, tag) is null)
        {
            _asked.Remove(endpoint);
        }
    }

    public void Answered(Query query, in KrpcMessage answer) => _asked.Remove(query.To);

    public void Stalled(Query query)
    {
    }

    public void Failed(Query query) => _asked.Remove(query.To);

    private bool TryTake()
    {
        var now = parts.Deadlines.Now;
        var refill = (now - _refilled).TotalSeconds * parts.Options.AdmissionsPerSecond;
        (_allowance, _refilled) = (Math.Min(parts.Options.AdmissionBurst, _allowance + refill), now);
        if (_allowance < 1)
        {
            return false;
        }

        _allowance--;
        return true;
    }
}
