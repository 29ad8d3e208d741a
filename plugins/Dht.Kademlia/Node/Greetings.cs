using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Queries;

namespace AptP2P.Dht.Kademlia.Node;

/// <summary>
/// Pings endpoints that somebody has named, once each. Only those that answer as nodes of this network become entrances: a list of others
/// costs a datagram for each, and is not asked again and again.
/// </summary>
internal sealed class Greetings(NodeParts parts, Joining joining) : IQueryOwner
{
    private readonly HashSet<UdpEndpoint> _waiting = [];

    public void Greet(IEnumerable<UdpEndpoint> endpoints)
    {
        foreach (var endpoint in endpoints)
        {
            if (endpoint.CanBeNode()
                && parts.Families.Of(endpoint) is { } family
                && !family.IsSelf(endpoint)
                && family.Table.Find(endpoint) is null
                && _waiting.Add(endpoint)
                && parts.Queries.Send(family, endpoint, null, new QueryBody { Method = KrpcMethod.Ping }, this) is null)
            {
                _waiting.Remove(endpoint);
            }
        }
    }

    public void Answered(Query query, in KrpcMessage answer)
    {
        _waiting.Remove(query.To);
        joining.Enter([query.To]);
    }

    public void Stalled(Query query)
    {
    }

    public void Failed(Query query) => _waiting.Remove(query.To);
}
