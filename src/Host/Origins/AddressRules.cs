using System.Net;
using System.Net.Sockets;

namespace AptP2P.Host.Origins;

/// <summary>Which addresses an origin may have, for a client of this machine and for one from elsewhere.</summary>
internal static class AddressRules
{
    private static readonly IPNetwork[] LinkLocal = Parse("169.254.0.0/16", "fe80::/10");

    // Loopback, private (RFC 1918, RFC 4193), shared (RFC 6598), unspecified, documentation, benchmarking, multicast, reserved.
    private static readonly IPNetwork[] NotPublic =
    [
        .. LinkLocal,
        .. Parse(
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/128", "::1/128", "100::/64", "2001:db8::/32", "fc00::/7", "fec0::/10", "ff00::/8"),
    ];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96"); // RFC 6052: an IPv4 address in its last four bytes

    public static bool IsAllowed(IPAddress address, OriginReach reach, IPNetwork[] listed)
    {
        var plain = Unwrap(address);
        var forbidden = reach == OriginReach.Local ? LinkLocal : NotPublic;
        return !Contains(forbidden, plain) || Contains(listed, plain);
    }

    /// <summary>Whether an address is of the whole internet.</summary>
    public static bool IsPublic(IPAddress address) => IsAllowed(address, OriginReach.Public, []);

    public static bool Contains(IPNetwork[] networks, IPAddress address)
    {
        var plain = Unwrap(address);
        return networks.Any(network => network.Contains(plain));
    }

    /// <summary>The IPv4 address inside an IPv6 one: the rules are for where a packet ends up.</summary>
    private static IPAddress Unwrap(IPAddress address) =>
        address.AddressFamily != AddressFamily.InterNetworkV6 ? address
        : address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : Nat64.Contains(address) ? new IPAddress(address.GetAddressBytes()[12..])
        : address;

    private static IPNetwork[] Parse(params string[] networks) => [.. networks.Select(network => IPNetwork.Parse(network))];
}
