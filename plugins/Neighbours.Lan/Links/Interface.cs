using System.Net;
using System.Net.NetworkInformation;

namespace AptP2P.Neighbours.Lan.Links;

/// <summary>An interface of this machine, as the system tells of it.</summary>
internal sealed record Interface(
    int Index, string Name, bool IsUp, bool CanMulticast, bool IsLoopback, (IPAddress Address, int Prefix)[] Addresses)
{
    /// <exception cref="NetworkInformationException">The system does not tell.</exception>
    public static IEnumerable<Interface> OfThisMachine() =>
        from device in NetworkInterface.GetAllNetworkInterfaces()
        let properties = device.GetIPProperties()
        let index = device.Supports(NetworkInterfaceComponent.IPv4)
            ? properties.GetIPv4Properties().Index
            : properties.GetIPv6Properties().Index
        select new Interface(
            index,
            device.Name,
            device.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown, // a tunnel does not know
            device.SupportsMulticast,
            device.NetworkInterfaceType == NetworkInterfaceType.Loopback,
            [.. properties.UnicastAddresses.Select(unicast => (unicast.Address, unicast.PrefixLength))]);
}
