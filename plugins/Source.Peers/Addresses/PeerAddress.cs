using System.Net;
using System.Net.Sockets;

namespace AptP2P.Source.Peers.Addresses;

/// <summary>What can be told of a peer from its address alone.</summary>
internal static class PeerAddress
{
    public static IPEndPoint Plain(IPEndPoint endPoint) => new(endPoint.Address.Plain(), endPoint.Port);

    /// <summary>
    /// Whom limits and refusals go by: an address, or the /64 that one IPv6 host has for itself. Local ones share theirs with neighbours,
    /// who are not to answer for each other.
    /// </summary>
    public static IPAddress Owner(IPAddress address)
    {
        address = address.Plain();
        return address.AddressFamily == AddressFamily.InterNetwork || IsLocal(address) ? address : Truncate(address, 8);
    }

    /// <summary>Whose many addresses may be of one mind: an IPv4 /24, or the /48 that one site has.</summary>
    public static IPAddress Network(IPAddress address)
    {
        address = address.Plain();
        return Truncate(address, address.AddressFamily == AddressFamily.InterNetwork ? 3 : 6);
    }

    /// <summary>Loopback, private and link-local addresses.</summary>
    public static bool IsLocal(IPAddress address) =>
        address.Scope() is AddressScope.Loopback or AddressScope.Private or AddressScope.LinkLocal;

    /// <summary>Whether somebody can be there. What is named decides, and what it is translated to is not to be seen from here.</summary>
    public static bool CanBePeer(IPAddress address) =>
        address.Scope() is not (AddressScope.Nobody or AddressScope.Metadata or AddressScope.Translated);

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
