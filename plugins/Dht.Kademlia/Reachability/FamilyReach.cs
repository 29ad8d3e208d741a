using System.Net.Sockets;

namespace AptP2P.Dht.Kademlia.Reachability;

/// <summary>Whether this node can be reached in an address family, as far as is known, and why.</summary>
/// <param name="Tcp">Whether others reach its TCP port; <see langword="null"/> while nobody has said.</param>
/// <param name="Udp">The same of its UDP port.</param>
/// <param name="IsPresumed">
/// Whether it may be reached, although nobody has said so yet: its router passes both ports, it has a public address itself, or it was
/// reached before a restart.
/// </param>
/// <param name="Mapping">What the router says, if there is somebody to ask it.</param>
internal sealed record FamilyReach(bool? Tcp, bool? Udp, bool IsPresumed, PortMapping? Mapping)
{
    /// <summary>Of nothing known.</summary>
    public static FamilyReach Unknown { get; } = new(null, null, false, null);

    /// <summary>Whether others may be told of what this node has: it was shown that they reach it.</summary>
    public bool IsConfirmed => Tcp == true;

    /// <summary>Whether others may ask its node: shown to be reached, or probably.</summary>
    public bool MayBeAsked => Udp != false && (Tcp ?? IsPresumed);

    /// <summary>At which port others reach it by TCP.</summary>
    public ushort TcpPort(ushort own) => (ushort)(Mapping?.Tcp?.Port ?? own);

    /// <summary>At which port others reach it by UDP.</summary>
    public ushort UdpPort(ushort own) => (ushort)(Mapping?.Udp?.Port ?? own);

    /// <summary>Whether it can be reached, in a word.</summary>
    public string Word => Tcp switch
    {
        null => IsPresumed ? "probably" : "unknown",
        true => Udp == false ? "TCP only" : "yes",
        false => Udp == true ? "UDP only" : "no",
    };

    /// <summary>Why not, in words for the operator.</summary>
    public string Reason(AddressFamily family) => Mapping?.Reason
        ?? (family == AddressFamily.InterNetwork
            ? "no router was found that passes the port on"
            : "something on the way, such as the router's firewall, lets nobody in");

    /// <summary>What to do about it.</summary>
    public static string Advice(AddressFamily family, ushort port, string? to) => family == AddressFamily.InterNetwork
        ? $"forward port {port}, TCP and UDP, to {to ?? "this machine"}"
        : $"let port {port}, TCP and UDP, through to {to ?? "this machine"}";
}
