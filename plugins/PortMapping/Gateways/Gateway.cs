using System.Net;
using System.Net.Sockets;

namespace AptP2P.Ports.Gateways;

/// <summary>A router of a default route.</summary>
/// <param name="Address">Its address here; a link-local one with the interface.</param>
/// <param name="Own">The address of this machine that the router is to lead to: global for IPv6.</param>
internal sealed record Gateway(IPAddress Address, IPAddress Own)
{
    public AddressFamily Family => Address.AddressFamily;

    /// <summary>
    /// Whether an address that a router names leads here from the Internet. That of a pinhole is this machine's own, which need not be
    /// judged.
    /// </summary>
    public bool IsWayIn(IPAddress external) =>
        Family == AddressFamily.InterNetworkV6
            ? external.Equals(Own)
            : external.AddressFamily == AddressFamily.InterNetwork && external.Scope() == AddressScope.Public;
}
