using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Node;

/// <summary>A node of the table, for those who count them.</summary>
/// <param name="Endpoint">Where it is.</param>
/// <param name="Silence">How long ago it was last heard.</param>
internal readonly record struct KnownNode(UdpEndpoint Endpoint, TimeSpan Silence);
