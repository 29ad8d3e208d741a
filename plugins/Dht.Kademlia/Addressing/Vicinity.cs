namespace AptP2P.Dht.Kademlia.Addressing;

/// <summary>Which nodes are near, and whether this node deals with others than those.</summary>
internal sealed class Vicinity
{
    private const int MaxKnown = 4096; // addresses that were asked about: strangers must not fill our memory

    private readonly Dictionary<UdpEndpoint, bool> _onLink = [];

    /// <summary>Local addresses are near, and everybody is dealt with.</summary>
    public static Vicinity Local { get; } = new();

    /// <summary>Whether nothing else exists for this node.</summary>
    public bool IsAll { get; init; }

    /// <summary>Which global IPv6 addresses are near, too: those with a prefix of one of this machine's links.</summary>
    public Func<UdpEndpoint, bool>? IsOnLink { get; init; }

    /// <summary>Which addresses are this machine's own.</summary>
    public Func<UdpEndpoint, bool> IsOwn { get; init; } = static _ => false;

    public bool IsNear(UdpEndpoint endpoint) =>
        endpoint.IsLocal() || (endpoint.IsV6 && IsOnLink is { } ask && Remember(endpoint.Address, ask));

    /// <summary>The machine has come to another network.</summary>
    public void Forget() => _onLink.Clear();

    /// <summary>Whether a node or peer may be there, as far as this node is concerned.</summary>
    public bool Admits(UdpEndpoint endpoint) => endpoint.CanBeNode() && (!IsAll || IsNear(endpoint));

    // To ask takes longer than to look it up, and it is asked for each datagram.
    private bool Remember(UdpEndpoint address, Func<UdpEndpoint, bool> ask)
    {
        if (!_onLink.TryGetValue(address, out var isOnLink))
        {
            if (_onLink.Count >= MaxKnown)
            {
                _onLink.Clear();
            }

            _onLink.Add(address, isOnLink = ask(address));
        }

        return isOnLink;
    }
}
