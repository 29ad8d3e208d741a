namespace AptP2P;

/// <summary>How far an address reaches, and so who may name it to whom; see <see cref="AddressTable"/>.</summary>
public enum AddressScope
{
    /// <summary>No host has it: unspecified, multicast, broadcast, reserved (RFC 1122, RFC 1112, RFC 4291).</summary>
    Nobody,

    /// <summary>This very machine (RFC 1122, RFC 4291).</summary>
    Loopback,

    /// <summary>This link (RFC 3927, RFC 4291).</summary>
    LinkLocal,

    /// <summary>
    /// A private network (RFC 1918, RFC 4193), one that a provider shares out (RFC 6598), or a translator's (RFC 8215).
    /// </summary>
    Private,

    /// <summary>Where clouds tell a machine its secrets, outside of what the other scopes cover.</summary>
    Metadata,

    /// <summary>
    /// An IPv4 address in an IPv6 one (RFC 6052, RFC 3056, RFC 4380, RFC 4291 2.5.5.1): who is there cannot be told from it. A packet to
    /// the first kind goes where <see cref="AddressTable.Destination"/> says; the rest are tunnels that are no longer used.
    /// </summary>
    Translated,

    /// <summary>
    /// For documentation, benchmarks and protocols (RFC 5737, RFC 2544, RFC 3849, RFC 9637, RFC 6666, RFC 6890): only labs have hosts
    /// there.
    /// </summary>
    Reserved,

    /// <summary>The Internet.</summary>
    Public,
}
