using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Queries;
using AptP2P.Dht.Kademlia.Routing;

namespace AptP2P.Dht.Kademlia.Lookups;

/// <summary>What look-ups, and all that begins look-ups, work with.</summary>
internal sealed record NodeParts(
    KademliaOptions Options, FamilySet Families, Entrances Entrances, PendingQueries Queries, Deadlines Deadlines, Random Random)
{
    /// <summary>Called with each look-up that ends.</summary>
    public Action<LookupReport> LookupEnded { get; init; } = static _ => { };
}
