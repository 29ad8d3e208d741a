using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Routing;

/// <summary>
/// Nodes that answered lately, whether or not the table has room for them. An upgrade looks up hundreds of keys at once. Each look-up meets
/// nodes all over the key space, and so the next one begins nearer to its target.
/// </summary>
internal sealed class RecentNodes(int capacity, TimeSpan life)
{
    private readonly Dictionary<UdpEndpoint, int> _places = [];
    private (NodeId Id, UdpEndpoint Endpoint, TimeSpan Met)[] _nodes = [];
    private int _next;
    private int _count;

    public void Met(NodeId id, UdpEndpoint endpoint, TimeSpan now)
    {
        if (_places.TryGetValue(endpoint, out var place))
        {
            _nodes[place] = (id, endpoint, now);
            return;
        }

        if (capacity == 0)
        {
            return;
        }

        if (_next == _nodes.Length && _nodes.Length < capacity)
        {
            Array.Resize(ref _nodes, Math.Min(capacity, Math.Max(16, _nodes.Length * 2))); // most nodes never meet that many
        }

        if (_next == _nodes.Length)
        {
            _next = 0;
        }

        if (_next < _count)
        {
            _places.Remove(_nodes[_next].Endpoint);
        }

        _nodes[_next] = (id, endpoint, now);
        _places[endpoint] = _next++;
        _count = Math.Max(_count, _next);
    }

    public void Lost(UdpEndpoint endpoint)
    {
        if (_places.TryGetValue(endpoint, out var place))
        {
            _nodes[place].Met = TimeSpan.MinValue;
        }
    }

    /// <summary>Those that are nearer to a target than <paramref name="bound"/>, in no order.</summary>
    public IEnumerable<(NodeId Id, UdpEndpoint Endpoint)> NearerThan(NodeId bound, NodeId target, TimeSpan now)
    {
        for (var i = 0; i < _count; i++)
        {
            var (id, endpoint, met) = _nodes[i];
            if (met != TimeSpan.MinValue && now - met < life && (id ^ target).CompareTo(bound) < 0)
            {
                yield return (id, endpoint);
            }
        }
    }
}
