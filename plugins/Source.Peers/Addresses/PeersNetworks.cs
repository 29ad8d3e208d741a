using System.Net;
using AptP2P.Source.Peers.Configuration;
using Microsoft.Extensions.Options;

namespace AptP2P.Source.Peers.Addresses;

/// <summary>The networks that the operator deals with, in both directions.</summary>
internal sealed class PeersNetworks(IOptions<PeersOptions> options, IMachineAddresses machine, PeerReach reach)
{
    /// <summary>Whether there is anybody at all.</summary>
    public bool IsNobody => reach == PeerReach.Off;

    public bool Include(IPAddress address) =>
        reach switch
        {
            PeerReach.World => true,
            PeerReach.Lan => machine.IsNear(address),
            _ => false,
        }
        && (options.Value.Networks is [] || Array.Exists(options.Value.Networks, network => network.Contains(address)))
        && !Array.Exists(options.Value.ExceptNetworks, network => network.Contains(address));
}
