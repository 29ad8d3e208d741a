using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Queries;
using AptP2P.Dht.Kademlia.Routing;

namespace AptP2P.Dht.Kademlia.Node;

/// <summary>
/// Tells dead nodes from a line that is down. While others answer, a node that does not has failed. While nobody answers, such a node is
/// only noted, and another one is asked. If that answers, the noted nodes have failed. If it does not, the line is down, and the table must
/// still be there when it comes back.
/// </summary>
internal sealed class Losses(NodeParts parts, Admission admission, Joining joining)
{
    private readonly HashSet<(Family Family, UdpEndpoint Endpoint)> _noted = [];
    private TimeSpan _lastHeard;
    private bool _hasHeard;

    /// <summary>Whether any node has answered within this time.</summary>
    public bool HasHeard(TimeSpan within) => _hasHeard && parts.Deadlines.Now - _lastHeard < within;

    public void Heard()
    {
        _hasHeard = true;
        _lastHeard = parts.Deadlines.Now;
        if (_noted.Count > 0)
        {
            var noted = _noted.ToArray();
            _noted.Clear();
            foreach (var (family, endpoint) in noted)
            {
                Fail(family, endpoint);
            }
        }
    }

    /// <summary>The machine has come to another network: who was silent before need not be dead.</summary>
    public void Forget() => _noted.Clear();

    public void Lost(Query query)
    {
        if (parts.Deadlines.Now - _lastHeard < parts.Options.QueryTimeout * 2)
        {
            Fail(query.Family, query.To);
            return;
        }

        if (query.Family.Table.Find(query.To) is not null && _noted.Add((query.Family, query.To)) && OtherThan(query) is { } other)
        {
            admission.Ping(query.Family, other.Id, other.Endpoint);
        }
    }

    private void Fail(Family family, UdpEndpoint endpoint)
    {
        if (!family.Table.Failed(endpoint, out var promoted))
        {
            return;
        }

        joining.Remember(endpoint);
        if (promoted is not null)
        {
            admission.Ping(family, promoted.Id, promoted.Endpoint);
        }
    }

    private Contact? OtherThan(Query query)
    {
        var best = default(Contact);
        foreach (var contact in query.Family.Table.Contacts)
        {
            if (contact.Endpoint != query.To
                && !_noted.Contains((query.Family, contact.Endpoint))
                && (best is null || contact.LastHeard > best.LastHeard))
            {
                best = contact;
            }
        }

        return best;
    }
}
