using System.Net;

namespace AptP2P.Source.Peers;

/// <summary>The networks that <see cref="PeersOptions.Networks"/> names.</summary>
internal static class PeersNetworks
{
    public static bool Include(PeersOptions options, IPAddress address) =>
        options.Networks is [] || Array.Exists(options.Networks, network => network.Contains(address));
}
