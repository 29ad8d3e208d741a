using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Queries;
using AptP2P.Dht.Kademlia.Routing;

namespace AptP2P.Dht.Kademlia.Node;

/// <summary>
/// From how many networks elsewhere queries came that nothing of ours had asked for: no NAT and no firewall keeps them out, then. Senders
/// can be forged, so that a single network proves little.
/// </summary>
internal sealed class Knocks(FamilySet families)
{
    private const int MaxNetworks = 64;

    private readonly HashSet<UdpEndpoint> _networks = [];

    public void Heard(UdpEndpoint from, Outbox outbox)
    {
        if (families.Of(from) is { } family && !family.Vicinity.IsNear(from) && _networks.Count < MaxNetworks && outbox.IsUnasked(from))
        {
            _networks.Add(from.Network);
        }
    }

    public void Forget() => _networks.Clear();

    /// <summary>How many there were in a family since the last change of network: each /16 or /32 once.</summary>
    public int Count(bool v6) => _networks.Count(network => network.IsV6 == v6);
}
