using System.Net;

namespace AptP2P.Host.Origins.Connecting;

/// <summary>
/// Which addresses an origin may have, for a client of this machine and for one from elsewhere; <see cref="AddressTable"/> says what they
/// are.
/// </summary>
internal static class AddressRules
{
    /// <param name="address">Where to.</param>
    /// <param name="reach">For whom.</param>
    /// <param name="listed">What is allowed whatever it is.</param>
    /// <param name="machine">This machine's addresses: what listens there may trust who comes from there, and that would be
    /// everybody.</param>
    public static bool IsAllowed(IPAddress address, OriginReach reach, IPNetwork[] listed, IMachineAddresses machine)
    {
        var end = address.Destination();
        var scope = end.Scope();
        var isOpen = reach == OriginReach.Local
            ? scope is not (AddressScope.LinkLocal or AddressScope.Metadata or AddressScope.Translated)
            : scope == AddressScope.Public && !machine.Current.Contains(end);
        return isOpen || Contains(listed, end);
    }

    /// <summary>Whether an address is of the whole internet.</summary>
    public static bool IsPublic(IPAddress address) => address.Destination().Scope() == AddressScope.Public;

    public static bool Contains(IPNetwork[] networks, IPAddress address) => Array.Exists(networks, network => network.Contains(address));
}
