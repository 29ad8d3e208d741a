using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Routing;

namespace AptP2P.Dht.Kademlia.Node;

/// <summary>What a node begins with: its ids, sockets and network.</summary>
internal sealed record NodeSetup(FamilySetup? V4, FamilySetup? V6)
{
    /// <summary>That of the node's network.</summary>
    public NetworkSecret Secret { get; init; } = NetworkSecret.None;

    /// <summary>Called, under the node's lock, with each look-up that ends.</summary>
    public Action<LookupReport> LookupEnded { get; init; } = static _ => { };
}
