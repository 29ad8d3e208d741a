namespace AptP2P.Dht.Kademlia;

/// <summary>What an address can be used for.</summary>
internal enum AddressScope
{
    /// <summary>No host has it: unspecified, multicast, broadcast, reserved, documentation of nothing.</summary>
    None,

    /// <summary>Loopback, private, link-local: BEP 42 exempts it, and subnet limits make no sense there.</summary>
    Local,

    /// <summary>Anything else.</summary>
    Public,
}

internal static class AddressScopes
{
    public static AddressScope Scope(this UdpEndpoint endpoint) => endpoint.IsV6 ? ScopeV6(endpoint) : ScopeV4(endpoint.V4);

    public static bool IsLocal(this UdpEndpoint endpoint) => endpoint.Scope() == AddressScope.Local;

    /// <summary>Whether a node may be there at all: a port, and an address that a host can have.</summary>
    public static bool CanBeNode(this UdpEndpoint endpoint) => endpoint.Port != 0 && endpoint.Scope() != AddressScope.None;

    /// <summary>
    /// Whether to believe <paramref name="teller"/> that a node is at this endpoint. A stranger on the Internet that names our private
    /// addresses wants us to knock on doors that it cannot reach.
    /// </summary>
    public static bool MayBeToldBy(this UdpEndpoint endpoint, UdpEndpoint teller) =>
        endpoint.CanBeNode() && (endpoint.Scope() == AddressScope.Public || teller.IsLocal());

    private static AddressScope ScopeV4(uint address) => (address >> 24) switch
    {
        0 or >= 224 => AddressScope.None,
        10 or 127 => AddressScope.Local,
        169 when address >> 16 == 0xa9fe => AddressScope.Local,
        172 when address >> 20 == 0xac1 => AddressScope.Local,
        192 when address >> 16 == 0xc0a8 => AddressScope.Local,
        _ => AddressScope.Public,
    };

    private static AddressScope ScopeV6(UdpEndpoint endpoint) => (endpoint.V6High >> 56) switch
    {
        0xff => AddressScope.None,
        0xfe when endpoint.V6High >> 54 == 0x3fa => AddressScope.Local, // fe80::/10
        0xfc or 0xfd => AddressScope.Local, // unique local, fc00::/7
        0 when endpoint.V6High == 0 && endpoint.V6Low == 0 => AddressScope.None,
        0 when endpoint.V6High == 0 && endpoint.V6Low == 1 => AddressScope.Local,
        _ => AddressScope.Public,
    };
}
