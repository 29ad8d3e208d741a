using System.Net;

namespace AptP2P.Source.Peers.Addresses;

/// <summary>Where this node itself can be reached: it is not its own peer, and who has an address like these is near.</summary>
internal sealed class OwnAddresses(IPEndPoint listening, IMachineAddresses machine)
{
    private readonly IPEndPoint _listening = PeerAddress.Plain(listening);

    /// <summary>Whether this node listens there.</summary>
    public bool IsSelf(IPEndPoint endPoint) =>
        endPoint.Port == _listening.Port
        && (IsAny(_listening.Address) ? IsOwn(endPoint.Address) : endPoint.Address.Equals(_listening.Address));

    public ChannelDistance DistanceOf(IPAddress address) =>
        IsOwn(address) ? ChannelDistance.SameHost
        : IsOnALink(address) || machine.Current.Any(own => PeerAddress.AreNeighbours(own, address)) ? ChannelDistance.SameNetwork
        : ChannelDistance.Other;

    /// <summary>A private address may be far away, behind a router: there only the same prefix counts.</summary>
    private bool IsOnALink(IPAddress address) => !PeerAddress.IsLocal(address) && machine.IsNear(address);

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private bool IsOwn(IPAddress address) => address.Scope() == AddressScope.Loopback || machine.Current.Contains(address);
}
