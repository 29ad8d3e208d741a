using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Messages;

namespace AptP2P.Dht.Kademlia.Lookups;

/// <summary>What a look-up asks, and how.</summary>
/// <param name="Method">find_node, get_peers or get.</param>
/// <param name="Target">The key.</param>
/// <param name="Parallelism">Queries that may be waited for at a time.</param>
/// <param name="KeepTokens">Whether something will be stored afterwards.</param>
/// <param name="Insist">Whether nodes that were silent lately are asked like others: they may be the only way in.</param>
/// <param name="Want">Nodes of which families; unsaid is this one's.</param>
internal readonly record struct LookupPlan(
    KrpcMethod Method, NodeId Target, int Parallelism, bool KeepTokens = false, bool Insist = false, Want Want = Want.Unsaid);
