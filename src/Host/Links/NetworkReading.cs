using System.Collections.Frozen;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace AptP2P.Host.Links;

/// <summary>What the system says of this machine's links at a moment.</summary>
internal sealed class NetworkReading
{
    private readonly IPNetwork[] _onLink;
    private readonly FrozenSet<string> _marks;

    public NetworkReading(NetworkLink[] links, IPNetwork[] onLink)
    {
        _onLink = onLink;
        Addresses = links.SelectMany(link => link.Addresses).ToFrozenSet();
        _marks = Marks(links).ToFrozenSet(StringComparer.Ordinal);
    }

    public IReadOnlySet<IPAddress> Addresses { get; }

    public bool IsOnLink(IPAddress address) => Array.Exists(_onLink, network => network.Contains(address));

    /// <summary>Whether nothing shows that the machine has come to another network since.</summary>
    public bool IsLike(NetworkReading other) => _marks.SetEquals(other._marks);

    public static NetworkReading OfSystem() =>
        new([.. NetworkInterface.GetAllNetworkInterfaces().Select(Read)], [.. OnLinkRoutes.OfSystem()]);

    private static NetworkLink Read(NetworkInterface device)
    {
        var properties = device.GetIPProperties();
        return new NetworkLink(
            device.Id,
            device.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown, // tunnels do not know
            [.. properties.UnicastAddresses.Select(unicast => unicast.Address)],
            [.. properties.GatewayAddresses.Select(gateway => gateway.Address)]);
    }

    /// <summary>
    /// What tells one network from another: addresses, gateways, and whether the links that lead out are up. Where none does, whether any
    /// is that has an address. A container that comes and goes brings a link with a link-local IPv6 address alone, which says nothing.
    /// </summary>
    private static IEnumerable<string> Marks(NetworkLink[] links)
    {
        var telling = links
            .Select(link => link with { Addresses = Array.FindAll(link.Addresses, IsTelling) })
            .Where(link => link.Addresses.Length + link.Gateways.Length > 0)
            .ToArray();
        var leadsOut = Array.Exists(telling, link => link.Gateways.Length > 0);
        return telling.SelectMany(link =>
            link.Addresses.Select(address => $"{link.Id} has {address}")
                .Concat(link.Gateways.Select(gateway => $"{link.Id} leads to {gateway}"))
                .Concat(link.IsUp && (link.Gateways.Length > 0 || !leadsOut) ? [$"{link.Id} is up"] : []));
    }

    private static bool IsTelling(IPAddress address) =>
        address.Scope() != AddressScope.Loopback
        && !(address.AddressFamily == AddressFamily.InterNetworkV6 && address.Scope() == AddressScope.LinkLocal);
}
