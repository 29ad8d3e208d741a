using System.Net;
using AptP2P.Source.Peers.Configuration;

namespace AptP2P.Source.Peers.Addresses;

/// <summary>The networks that the operator deals with.</summary>
internal static class PeersNetworks
{
    public static bool Include(PeersOptions options, IPAddress address) =>
        (options.Networks is [] || Array.Exists(options.Networks, network => network.Contains(address)))
        && !Array.Exists(options.ExceptNetworks, network => network.Contains(address));
}
