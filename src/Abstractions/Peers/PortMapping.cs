using System.Net;
using System.Net.Sockets;

namespace AptP2P;

/// <summary>How the port mapping of an address family stands.</summary>
/// <param name="Family">IPv4, where a router translates addresses; or IPv6, where it only has to let packets in (a pinhole).</param>
/// <param name="Tcp">Where others reach this node's TCP port, as the router says; <see langword="null"/> where it does not pass it.</param>
/// <param name="Udp">The same for UDP. The number may be another one: each is mapped by itself.</param>
/// <param name="Reason">
/// Where one is missing, why, in words for the operator that name the router, such as <c>the router at 192.168.1.1 refused (NAT-PMP: not
/// authorized)</c>.
/// </param>
public sealed record PortMapping(AddressFamily Family, IPEndPoint? Tcp, IPEndPoint? Udp, string? Reason);
