using System.Net;
using System.Security.Cryptography;

namespace AptP2P.Neighbours.Lan.Configuration;

/// <summary>What the plugin needs of <see cref="PluginContext"/>.</summary>
internal sealed record LanEnvironment(IPEndPoint EndPoint, PeerReach Reach, NetworkSecret Secret)
{
    /// <summary>Where the daemon listens, in one form.</summary>
    public IPAddress Address { get; } = EndPoint.Address.Plain();

    /// <summary>What the cookie of our own datagrams begins with, by which we know them when they come back.</summary>
    public string OwnMark { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    public bool TakesAny => Address.Equals(IPAddress.Any) || Address.Equals(IPAddress.IPv6Any);

    /// <summary>Whether this very daemon listens there. Another one of this machine, at another port, is a neighbour.</summary>
    public bool IsSelf(IPEndPoint endPoint, IMachineAddresses machine) =>
        endPoint.Port == EndPoint.Port
        && (TakesAny
            ? endPoint.Address.Scope() == AddressScope.Loopback || machine.Current.Contains(endPoint.Address)
            : Address.Equals(endPoint.Address));
}
