using System.Net;
using System.Net.Sockets;

namespace AptP2P.Source.Peers.Addresses;

/// <summary>What can be told of a peer from its address alone.</summary>
internal static class PeerAddress
{
    public static IPEndPoint Plain(IPEndPoint endPoint) => new(endPoint.Address.Plain(), endPoint.Port);

    /// <summary>
    /// Whom limits and refusals take for one party: an address, or in IPv6 the /64 that one host has. Neighbours on a local network share
    /// a /64, and do not answer for each other, so there it is the address.
    /// </summary>
    public static IPAddress Owner(IPAddress address)
    {
        address = address.Plain();
        return address.AddressFamily == AddressFamily.InterNetwork || IsLocal(address) ? address : Truncate(address, 8);
    }

    /// <summary>Whose addresses may all belong to one party: an IPv4 /24, or the /48 that one site has.</summary>
    public static IPAddress Network(IPAddress address)
    {
        address = address.Plain();
        return Truncate(address, address.AddressFamily == AddressFamily.InterNetwork ? 3 : 6);
    }

    /// <summary>Loopback, private and link-local addresses.</summary>
    public static bool IsLocal(IPAddress address) => address.Scope().IsLocal();

    /// <summary>Whether a peer can have this address. One that stands for another address is none: whose it is cannot be told.</summary>
    public static bool CanBePeer(IPAddress address) => address.Scope().CanBePeer();

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

    private static IPAddress Truncate(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(length).Clear();
        return new IPAddress(bytes);
    }
}
