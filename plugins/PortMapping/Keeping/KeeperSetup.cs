using AptP2P.Ports.Configuration;
using AptP2P.Ports.Gateways;

namespace AptP2P.Ports.Keeping;

/// <summary>What all keepers need.</summary>
/// <param name="Port">The node's port, TCP and UDP.</param>
/// <param name="Protocols">The ways to map it, the best first.</param>
/// <param name="Options">The operator's.</param>
/// <param name="Time">The clock.</param>
/// <param name="Random">Spreads what all machines of a network do at the same moment.</param>
internal sealed record KeeperSetup(
    int Port, IReadOnlyList<IMappingProtocol> Protocols, PortMappingOptions Options, TimeProvider Time, Random Random)
{
    /// <summary>Is told of each attempt: the protocol and how it ended.</summary>
    public Action<string, string> Attempted { get; init; } = (_, _) => { };
}
