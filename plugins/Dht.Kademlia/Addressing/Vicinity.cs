namespace AptP2P.Dht.Kademlia.Addressing;

/// <summary>Which nodes are near, and whether this node deals with others than those.</summary>
internal sealed class Vicinity
{
    private readonly Func<UdpEndpoint, bool>? _isNear;

    /// <param name="isNear">Which global addresses are near, too: those with a prefix of one of this machine's links.</param>
    /// <param name="isAll">Whether this node deals with near ones only.</param>
    public Vicinity(Func<UdpEndpoint, bool>? isNear = null, bool isAll = false) => (_isNear, IsAll) = (isNear, isAll);

    /// <summary>Local addresses are near, and everybody is dealt with.</summary>
    public static Vicinity Local { get; } = new();

    /// <summary>Whether nothing else exists for this node.</summary>
    public bool IsAll { get; }

    public bool IsNear(UdpEndpoint endpoint) => endpoint.IsLocal() || (_isNear is not null && endpoint.IsV6 && _isNear(endpoint));

    /// <summary>Whether a node or peer may be there, as far as this node is concerned.</summary>
    public bool Admits(UdpEndpoint endpoint) => endpoint.CanBeNode() && (!IsAll || IsNear(endpoint));
}
