using System.Net;
using System.Net.Sockets;

namespace AptP2P.Source.Peers.Addresses;

/// <summary>What can be told of a peer from its address alone.</summary>
internal static class PeerAddress
{
    public static IPEndPoint Plain(IPEndPoint endPoint) => new(endPoint.Address.Plain(), endPoint.Port);

    /// <summary>Whose addresses may all belong to one party: an IPv4 /24, or the /48 that one site has.</summary>
    public static IPAddress Network(IPAddress address)
    {
        address = address.Plain();
        return Truncate(address, IsV4(address) ? 3 : 6);
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

        var shared = IsV4(a) ? 3 : 8;
        return a.GetAddressBytes().AsSpan(0, shared).SequenceEqual(b.GetAddressBytes().AsSpan(0, shared));
    }

    public static bool IsV4(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork;

    /// <summary>The first bytes of an address; the rest is nothing.</summary>
    public static IPAddress Truncate(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(length).Clear();
        return new IPAddress(bytes);
    }
}
