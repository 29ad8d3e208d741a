using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Messages;

namespace AptP2P.Dht.Kademlia.Lookups;

/// <summary>What a look-up asks, and how.</summary>
/// <param name="Method">find_node, get_peers or get.</param>
/// <param name="Target">The key.</param>
/// <param name="Parallelism">How many queries it waits for at a time.</param>
/// <param name="KeepTokens">Whether something will be stored afterwards.</param>
/// <param name="Insist">Whether it asks nodes that were silent lately like others: they may be the only way in.</param>
/// <param name="Want">Of which families it wants nodes; unsaid means its own.</param>
/// <param name="Near">Whether it asks near nodes only.</param>
internal readonly record struct LookupPlan(
    KrpcMethod Method, NodeId Target, int Parallelism, bool KeepTokens = false, bool Insist = false, Want Want = Want.Unsaid,
    bool Near = false);
