using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Routing;

/// <summary>The families a node is in: one or both.</summary>
internal sealed record FamilySet(Family? V4, Family? V6)
{
    public IReadOnlyList<Family> All { get; } = [.. new[] { V4, V6 }.OfType<Family>()];

    public Family? Of(UdpEndpoint endpoint) => endpoint.IsV6 ? V6 : V4;
}
