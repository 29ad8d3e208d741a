using System.Net;
using System.Net.Sockets;

namespace AptP2P.Source.Peers.Addresses;

/// <summary>What can be told of a peer from its address alone.</summary>
internal static class PeerAddress
{
    private static readonly IPNetwork[] Local =
    [
        IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("::1/128"), IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("fe80::/10"),
    ];

    private static readonly IPNetwork[] Nobody = // RFC 6890: nobody's own, so no peer's
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("224.0.0.0/4"), IPNetwork.Parse("240.0.0.0/4"), IPNetwork.Parse("::/128"), IPNetwork.Parse("ff00::/8"),
    ];

    /// <summary>The one form of an address: sockets that take both families write IPv4 as <c>::ffff:192.0.2.1</c>.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    public static IPEndPoint Plain(IPEndPoint endPoint) => new(Plain(endPoint.Address), endPoint.Port);

    /// <summary>Whom limits and refusals go by: an address, or the /64 that one IPv6 host has for itself.</summary>
    public static IPAddress Owner(IPAddress address)
    {
        address = Plain(address);
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return address;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }

    /// <summary>Loopback, private and link-local addresses.</summary>
    public static bool IsLocal(IPAddress address) => Array.Exists(Local, network => network.Contains(address));

    /// <summary>Whether somebody can be there.</summary>
    public static bool CanBePeer(IPAddress address) => !Array.Exists(Nobody, network => network.Contains(address));

    /// <summary>Whether two local addresses are of one /24 or, in IPv6, one /64.</summary>
    public static bool AreNeighbours(IPAddress a, IPAddress b)
    {
        if (a.AddressFamily != b.AddressFamily || !IsLocal(a) || !IsLocal(b))
        {
            return false;
        }

        var shared = a.AddressFamily == AddressFamily.InterNetwork ? 3 : 8;
        return a.GetAddressBytes().AsSpan(0, shared).SequenceEqual(b.GetAddressBytes().AsSpan(0, shared));
    }
}
