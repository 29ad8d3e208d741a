using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using AptP2P.Ports.Gateways;

namespace AptP2P.Ports.Sockets;

/// <summary>Finds the routers of this machine.</summary>
internal sealed class DefaultRoutes(SocketNetwork network)
{
    private const int MaxGateways = 4; // of a family: a machine has one or two

    /// <summary>The routers that are named, or else those of the default routes.</summary>
    public IReadOnlyList<Gateway> Find(IReadOnlyList<IPAddress> named)
    {
        var found = named.Count > 0 ? named.Select(address => Reach(address, [])) : Detect();
        return
        [
            .. found.OfType<Gateway>().Distinct().GroupBy(gateway => gateway.Family).SelectMany(family => family.Take(MaxGateways)),
        ];
    }

    private IEnumerable<Gateway?> Detect()
    {
        try
        {
            return
            [
                .. from face in NetworkInterface.GetAllNetworkInterfaces()
                   where face.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown
                   let properties = face.GetIPProperties()
                   let own = properties.UnicastAddresses.Select(unicast => unicast.Address).ToArray()
                   from gateway in properties.GatewayAddresses
                   where !gateway.Address.Equals(IPAddress.Any) && !gateway.Address.Equals(IPAddress.IPv6Any)
                   select Reach(gateway.Address, own),
            ];
        }
        catch (NetworkInformationException) // in the middle of a change
        {
            return [];
        }
    }

    /// <summary>What this machine is called there.</summary>
    /// <param name="router">The router.</param>
    /// <param name="own">The addresses of the interface to it, where they are known.</param>
    private Gateway? Reach(IPAddress router, IPAddress[] own)
    {
        if (router.AddressFamily == AddressFamily.InterNetwork)
        {
            return network.OwnTowards(router) is { } address ? new Gateway(router, address) : null;
        }

        // what the kernel takes towards the world is what others will know; a temporary one, where there are such
        var usual = network.OwnTowards(null);
        var chosen = usual is not null && (own.Length == 0 || own.Contains(usual)) ? usual : own.FirstOrDefault(IsGlobal);
        return chosen is not null && IsGlobal(chosen) ? new Gateway(router, chosen) : null;
    }

    private static bool IsGlobal(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 && address.Scope() is var scope && !scope.IsLocal() && scope.CanBePeer();
}
