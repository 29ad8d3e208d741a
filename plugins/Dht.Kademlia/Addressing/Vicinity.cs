namespace AptP2P.Dht.Kademlia.Addressing;

/// <summary>Which nodes are near, and whether this node deals with others than those.</summary>
internal sealed class Vicinity
{
    /// <summary>Local addresses are near, and everybody is dealt with.</summary>
    public static Vicinity Local { get; } = new();

    /// <summary>Whether nothing else exists for this node.</summary>
    public bool IsAll { get; init; }

    /// <summary>Which global IPv6 addresses are near, too: those with a prefix of one of this machine's links.</summary>
    public Func<UdpEndpoint, bool> IsOnLink { get; init; } = static _ => false;

    /// <summary>Which addresses are this machine's own.</summary>
    public Func<UdpEndpoint, bool> IsOwn { get; init; } = static _ => false;

    public bool IsNear(UdpEndpoint endpoint) => endpoint.IsLocal() || (endpoint.IsV6 && IsOnLink(endpoint));

    /// <summary>Whether a node or peer may be there, as far as this node is concerned.</summary>
    public bool Admits(UdpEndpoint endpoint) => endpoint.CanBeNode() && (!IsAll || IsNear(endpoint));
}
