using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Routing;

/// <summary>Endpoints to get into the network by: known from an earlier run, configured, or found nearby.</summary>
internal sealed class Entrances(KademliaOptions options, FamilySet families)
{
    private readonly List<UdpEndpoint> _all = [];
    private readonly HashSet<UdpEndpoint> _known = [];

    /// <summary>All of them, the oldest first.</summary>
    public IReadOnlyList<UdpEndpoint> All => _all;

    /// <returns>Whether it is new, and a node other than this one may be there.</returns>
    public bool Add(UdpEndpoint endpoint)
    {
        if (families.Of(endpoint) is not { } family
            || !family.Vicinity.Admits(endpoint)
            || family.IsSelf(endpoint)
            || !_known.Add(endpoint))
        {
            return false;
        }

        _all.Add(endpoint);
        if (_all.Count > options.MaxEntrances)
        {
            _known.Remove(_all[0]);
            _all.RemoveAt(0);
        }

        return true;
    }

    /// <summary>Where a look-up begins if the table is still empty, because the node has just started; else none.</summary>
    public IEnumerable<UdpEndpoint> For(Family family) =>
        family.Table.Count > 0 ? [] : _all.Where(entrance => entrance.IsV6 == family.IsV6).Take(options.BucketSize * 2);
}
