using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Addressing;

/// <summary>What endpoints can be used for, by the scope of their addresses (<see cref="AddressTable"/>).</summary>
internal static class EndpointScopes
{
    public static AddressScope Scope(this UdpEndpoint endpoint) => AddressTable.ScopeOf(new UInt128(endpoint.V6High, endpoint.V6Low));

    /// <summary>Whether it is near: BEP 42 exempts it, and subnet limits make no sense there.</summary>
    public static bool IsLocal(this UdpEndpoint endpoint) =>
        endpoint.Scope() is AddressScope.Loopback or AddressScope.LinkLocal or AddressScope.Private;

    /// <summary>Whether a node may be there at all: a port, and an address that a host can have and that is its own.</summary>
    public static bool CanBeNode(this UdpEndpoint endpoint) =>
        endpoint.Port != 0 && endpoint.Scope() is not (AddressScope.Nobody or AddressScope.Metadata or AddressScope.Translated);

    /// <summary>
    /// Whether to believe <paramref name="other"/> that somebody is at this endpoint, or to tell them. A stranger on the Internet that
    /// names addresses of our network wants us to knock on doors that it cannot reach, and one in our network the doors of this machine.
    /// </summary>
    public static bool MayBeTold(this UdpEndpoint endpoint, UdpEndpoint other) => endpoint.CanBeNode() && endpoint.Scope() switch
    {
        AddressScope.Loopback => other.Scope() == AddressScope.Loopback,
        AddressScope.LinkLocal or AddressScope.Private => other.IsLocal(),
        _ => true,
    };

    /// <summary>The same of a service there: below <see cref="KademliaOptions.LowestPort"/> are services of other kinds.</summary>
    public static bool MayBeTold(this UdpEndpoint endpoint, UdpEndpoint other, KademliaOptions options) =>
        endpoint.Port >= options.LowestPort && endpoint.MayBeTold(other);
}
