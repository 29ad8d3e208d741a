using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Addressing;

/// <summary>What endpoints can be used for, by the scope of their addresses (<see cref="AddressTable"/>).</summary>
internal static class EndpointScopes
{
    public static AddressScope Scope(this UdpEndpoint endpoint) => AddressTable.ScopeOf(new UInt128(endpoint.V6High, endpoint.V6Low));

    /// <summary>
    /// Whether it is on this machine or its network: BEP 42 exempts such addresses, and limits by subnet make no sense for them.
    /// </summary>
    public static bool IsLocal(this UdpEndpoint endpoint) => endpoint.Scope().IsLocal();

    /// <summary>Whether a node may be there at all: it has a port, and an address that one host can have for itself.</summary>
    public static bool CanBeNode(this UdpEndpoint endpoint) => endpoint.Port != 0 && endpoint.Scope().CanBePeer();

    /// <summary>
    /// Whether to believe <paramref name="other"/> that somebody is at this endpoint, and whether to tell them. A stranger on the Internet
    /// that names addresses of our network wants us to contact what it cannot reach itself. So does a host of our network that names
    /// addresses of this machine.
    /// </summary>
    public static bool MayBeTold(this UdpEndpoint endpoint, UdpEndpoint other) => endpoint.CanBeNode() && endpoint.Scope() switch
    {
        AddressScope.Loopback => other.Scope() == AddressScope.Loopback,
        AddressScope.LinkLocal or AddressScope.Private => other.IsLocal(),
        _ => true,
    };

    /// <summary>The same, and the port is not below <see cref="KademliaOptions.LowestPort"/>, where services of other kinds are.</summary>
    public static bool MayBeTold(this UdpEndpoint endpoint, UdpEndpoint other, KademliaOptions options) =>
        endpoint.Port >= options.LowestPort && endpoint.MayBeTold(other);
}
