using System.Net;

namespace AptP2P.Source.Peers.Addresses;

/// <summary>Whom limits and refusals take for one party.</summary>
internal sealed class PeerParties(IMachineAddresses machine)
{
    /// <summary>
    /// An address, or in IPv6 the /64 that one host has. Neighbours on a network share a /64, and do not answer for each other, so there it
    /// is the address.
    /// </summary>
    public IPAddress Of(IPAddress address)
    {
        address = address.Plain();
        return PeerAddress.IsV4(address) || machine.IsNear(address) ? address : PeerAddress.Truncate(address, 8);
    }
}
