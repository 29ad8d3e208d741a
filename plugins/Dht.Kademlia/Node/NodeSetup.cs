using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Routing;

namespace AptP2P.Dht.Kademlia.Node;

/// <summary>What a node begins with: its ids and sockets.</summary>
internal sealed record NodeSetup(FamilySetup? V4, FamilySetup? V6)
{
    /// <summary>Called, under the node's lock, with each look-up that ends.</summary>
    public Action<LookupReport> LookupEnded { get; init; } = static _ => { };
}
