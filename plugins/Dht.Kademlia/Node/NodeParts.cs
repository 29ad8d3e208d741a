using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Queries;

namespace AptP2P.Dht.Kademlia.Node;

/// <summary>What the operations of a node work with.</summary>
internal sealed record NodeParts(KademliaOptions Options, Deadlines Deadlines, Random Random, Traffic Traffic, PendingQueries Queries)
{
    /// <summary>Called with each look-up that ends.</summary>
    public Action<LookupReport> LookupEnded { get; init; } = static _ => { };
}
