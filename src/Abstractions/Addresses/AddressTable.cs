using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace AptP2P;

/// <summary>
/// The one table of what addresses are for: IANA's registries of special-purpose addresses (RFC 6890, with what they list since), and where
/// clouds keep their metadata. For origins, peers and nodes of the DHT alike; docs/security.md says what each may have.
/// </summary>
public static class AddressTable
{
    private const int MappedBits = 96; // ::ffff:0:0/96: an IPv4 address is held as the number of its IPv6-mapped form (RFC 4291 2.5.5.2)

    private static readonly UInt128 Mapped = (UInt128)0xffff << 32;
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    // A network that lies within another stands before it.
    private static readonly (AddressScope Scope, string[] Networks)[] Table =
    [
        (AddressScope.Nobody, ["0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "::/128", "ff00::/8"]),
        (AddressScope.Loopback, ["127.0.0.0/8", "::1/128"]),
        // Azure, Alibaba, Amazon, Google
        (AddressScope.Metadata, ["168.63.129.16/32", "100.100.100.200/32", "fd00:ec2::254/128", "fd20:ce::254/128"]),
        (AddressScope.LinkLocal, ["169.254.0.0/16", "fe80::/10"]),
        (
            AddressScope.Private,
            ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "64:ff9b:1::/48", "fc00::/7", "fec0::/10"]),
        (AddressScope.Translated, ["64:ff9b::/96", "::/96", "2001::/32", "2002::/16"]), // NAT64, IPv4-compatible, Teredo, 6to4
        (AddressScope.Reserved, ["192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"]),
        (AddressScope.Reserved, ["100::/64", "2001:2::/48", "2001:10::/28", "2001:db8::/32", "3fff::/20", "5f00::/16"]),
    ];

    // By the first byte, since datagrams are looked at by the ten thousand: most have none or one.
    private static readonly Entry[]?[] V4 = Index(AddressFamily.InterNetwork);
    private static readonly Entry[]?[] V6 = Index(AddressFamily.InterNetworkV6);

    /// <summary>
    /// The one form of an address: a socket that takes both families says <c>::ffff:192.0.2.1</c> of a client at 192.0.2.1. Other addresses
    /// with an IPv4 one inside are left alone: anybody can come from one, and what is inside proves nothing of who it is.
    /// </summary>
    public static IPAddress Plain(this IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>
    /// Where a packet to an address ends up: behind a NAT64 (RFC 6052) at the IPv4 address inside. For destinations only.
    /// </summary>
    public static IPAddress Destination(this IPAddress address) =>
        address.IsIPv4MappedToIPv6 || (address.AddressFamily == AddressFamily.InterNetworkV6 && Nat64.Contains(address))
            ? new IPAddress(address.GetAddressBytes()[12..])
            : address;

    /// <summary>How far an address reaches, with IPv4-mapped ones as the IPv4 address that they are.</summary>
    public static AddressScope Scope(this IPAddress address) => ScopeOf(Number(address));

    /// <summary>The same of the sixteen bytes of an address as a number, of IPv4 in its IPv6-mapped form.</summary>
    public static AddressScope ScopeOf(UInt128 address)
    {
        var index = address >> 32 == Mapped >> 32 ? V4[(byte)(address >> 24)] : V6[(byte)(address >> 120)];
        foreach (var entry in index.AsSpan())
        {
            if ((address & entry.Mask) == entry.Network)
            {
                return entry.Scope;
            }
        }

        return AddressScope.Public;
    }

    /// <summary>Whether it is this machine or a network of its own: nobody on the Internet can mean the same host by it.</summary>
    public static bool IsLocal(this AddressScope scope) =>
        scope is AddressScope.Loopback or AddressScope.LinkLocal or AddressScope.Private;

    /// <summary>
    /// Whether a peer or a node can have an address of this scope: one that a single host has for itself. A translated address does not
    /// tell whose it is.
    /// </summary>
    public static bool CanBePeer(this AddressScope scope) =>
        scope is not (AddressScope.Nobody or AddressScope.Metadata or AddressScope.Translated);

    private static UInt128 Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4 ? Mapped | BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static Entry[]?[] Index(AddressFamily family)
    {
        var index = new Entry[256][];
        var (before, firstByte) = family == AddressFamily.InterNetwork ? (MappedBits, 24) : (0, 120);
        foreach (var (scope, networks) in Table)
        {
            foreach (var network in networks.Select(IPNetwork.Parse).Where(network => network.BaseAddress.AddressFamily == family))
            {
                var length = before + network.PrefixLength;
                var entry = new Entry(Number(network.BaseAddress), UInt128.MaxValue << (128 - length), scope);
                var start = (int)(byte)(entry.Network >> firstByte);
                var end = start + (1 << Math.Max(0, 8 - network.PrefixLength));
                for (var at = start; at < end; at++)
                {
                    index[at] = [.. index[at] ?? [], entry];
                }
            }
        }

        return index;
    }

    private readonly record struct Entry(UInt128 Network, UInt128 Mask, AddressScope Scope);
}
