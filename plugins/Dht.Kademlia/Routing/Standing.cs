using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Routing;

/// <summary>
/// What a node is to others in one family, as far as is known at the moment. Near nodes may ask it, and are told what it has, in any case.
/// </summary>
internal sealed record Standing
{
    /// <summary>
    /// Whether others may ask it. If not, it says so in its queries
    /// (<see href="https://www.bittorrent.org/beps/bep_0043.html">BEP 43</see>), and answers them pings only, which may have been sent to
    /// find out whether it can be reached.
    /// </summary>
    public bool AnswersWorld { get; init; } = true;

    /// <summary>Whether others are told what it has. A contact that does not answer costs them time.</summary>
    public bool AnnouncesToWorld { get; init; } = true;

    /// <summary>Where others reach its TCP port, if that is known: a router passes it through, or somebody has tried.</summary>
    public UdpEndpoint? MappedTcp { get; init; }

    /// <summary>The same of its UDP port.</summary>
    public UdpEndpoint? MappedUdp { get; init; }
}
