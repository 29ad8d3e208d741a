using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Queries;
using AptP2P.Dht.Kademlia.Routing;

namespace AptP2P.Dht.Kademlia.Node;

/// <summary>
/// Pings nodes that are only heard of before they may be in the table, for anyone can send a packet in any node's name. At a bounded rate:
/// a list of false nodes must not make us send more than it cost.
/// </summary>
internal sealed class Admission(NodeParts parts) : IQueryOwner
{
    /// <summary>
    /// The tag of a query to a node that has just asked us. It proves less: what is behind a NAT can be reached by those it has just asked,
    /// and by nobody else.
    /// </summary>
    public static readonly object HasAsked = new();

    private readonly HashSet<UdpEndpoint> _asked = [];
    private double _allowance = parts.Options.AdmissionBurst;
    private TimeSpan _refilled;

    /// <summary>A node has asked us something; it may be one to know.</summary>
    public void Consider(Family family, NodeId id, UdpEndpoint endpoint)
    {
        if (!family.IsSelf(endpoint) && family.Table.WouldTake(id, endpoint) && !_asked.Contains(endpoint) && TryTake())
        {
            Ping(family, id, endpoint, hasAsked: true);
        }
    }

    /// <summary>Asks a contact whether it is still there.</summary>
    public void Ping(Family family, NodeId id, UdpEndpoint endpoint) => Ping(family, id, endpoint, hasAsked: false);

    private void Ping(Family family, NodeId id, UdpEndpoint endpoint, bool hasAsked)
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
