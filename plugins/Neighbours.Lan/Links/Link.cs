using System.Net;
using System.Net.Sockets;
using AptP2P.Neighbours.Lan.Configuration;

namespace AptP2P.Neighbours.Lan.Links;

/// <summary>A link on which neighbours are looked for.</summary>
/// <param name="Index">The interface's number.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsLoopback">Whether it leads to this machine alone.</param>
/// <param name="V4">The address that IPv4 datagrams are sent from, if any are.</param>
/// <param name="V6">The same of IPv6; the unspecified address leaves it to the system, which knows which are still to be used.</param>
/// <param name="Networks">Whose addresses are on this link.</param>
internal sealed record Link(int Index, string Name, bool IsLoopback, IPAddress? V4, IPAddress? V6, IPNetwork[] Networks)
{
    private const int V6Prefix = 64; // RFC 4291, section 2.5.4

    /// <summary>Those that are used of all interfaces.</summary>
    public static Link[] Choose(IEnumerable<Interface> found, LanOptions options, LanEnvironment self) =>
    [
        .. found
            .Select(each => Of(each, options.Interfaces, self))
            .OfType<Link>()
            .OrderBy(link => link.V4 is null) // the ports of bridges and containers have none
            .ThenBy(link => link.Index)
            .Take(options.MaxInterfaces),
    ];

    /// <summary>What an interface is for us, if neighbours are to be looked for there.</summary>
    /// <param name="found">The interface.</param>
    /// <param name="named">Those that the operator has named; nothing for all that will do.</param>
    /// <param name="self">Where the daemon listens: nobody could come to it by another address.</param>
    public static Link? Of(Interface found, string[] named, LanEnvironment self)
    {
        var isMeant = named.Length == 0 ? found.CanMulticast && !found.IsLoopback : named.Contains(found.Name);
        if (!found.IsUp || !isMeant)
        {
            return null;
        }

        var local = found.Addresses.Select(each => each.Address).Where(address => address.Scope().IsLocal()).ToArray();
        var (v4, v6) = self.TakesAny
            ? AnyOf(found, local, self)
            : (OwnOf(found, self.Address, V4Family), OwnOf(found, self.Address, V6Family));
        return v4 is null && v6 is null
            ? null
            : new Link(found.Index, found.Name, found.IsLoopback, v4, v6, [.. found.Addresses.Select(NetworkOf).Distinct()]);
    }

    /// <summary>
    /// Whether somebody who sent a datagram that came by this link can be on it: else a forged sender would have us connect anywhere.
    /// </summary>
    public bool Has(IPAddress sender) => sender.Scope() switch
    {
        AddressScope.LinkLocal => sender.AddressFamily == V4Family || sender.ScopeId == Index,
        AddressScope.Loopback => IsLoopback,
        AddressScope.Private => IsIn(sender),
        AddressScope.Public or AddressScope.Reserved => sender.AddressFamily == V6Family && IsIn(sender),
        _ => false,
    };

    /// <summary>Whether it is still the same network, as far as can be told.</summary>
    public bool IsSameAs(Link? other) =>
        other is not null
        && (Index, Name, IsLoopback) == (other.Index, other.Name, other.IsLoopback)
        && Equals(V4, other.V4)
        && Equals(V6, other.V6)
        && Networks.ToHashSet().SetEquals(other.Networks);

    private static AddressFamily V4Family => AddressFamily.InterNetwork;

    private static AddressFamily V6Family => AddressFamily.InterNetworkV6;

    private static (IPAddress? V4, IPAddress? V6) AnyOf(Interface found, IPAddress[] local, LanEnvironment self) => (
        Array.Find(local, address => address.AddressFamily == V4Family),
        // the loopback interface has no route for IPv6 multicast
        !found.IsLoopback && self.Address.AddressFamily == V6Family && Array.Exists(local, address => address.AddressFamily == V6Family)
            ? IPAddress.IPv6Any
            : null);

    private static IPAddress? OwnOf(Interface found, IPAddress address, AddressFamily family) =>
        address.AddressFamily != family ? null
        : found.IsLoopback ? (address.Scope() == AddressScope.Loopback && family == V4Family ? address : null)
        : (family == V6Family || address.Scope().IsLocal()) && Array.Exists(found.Addresses, each => each.Address.Equals(address)) ? address
        : null;

    private static IPNetwork NetworkOf((IPAddress Address, int Prefix) found)
    {
        var bytes = found.Address.GetAddressBytes();
        var isV6 = bytes.Length > 4;
        var prefix = isV6 && found.Prefix == 128 ? V6Prefix : found.Prefix; // an address from DHCPv6 says nothing of its link's prefix
        for (var bit = prefix; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(bytes), prefix);
    }

    private bool IsIn(IPAddress address) => Array.Exists(Networks, network => network.Contains(address));
}
