using System.Net;

namespace AptP2P.Ports.Gateways;

/// <summary>A router that speaks a protocol for mappings.</summary>
internal interface IRouterDialog
{
    /// <summary>What the protocol is called.</summary>
    string Protocol { get; }

    /// <summary>Maps a port, or makes a mapping live longer.</summary>
    Task<MapAnswer> MapAsync(MapRequest request, CancellationToken cancellationToken);

    /// <summary>Takes a mapping away. It ends by itself too, so nobody hears whether that worked.</summary>
    Task ReleaseAsync(Transport transport, int port, IPEndPoint external, CancellationToken cancellationToken);

    /// <summary>Asks whether mappings stand, in questions that change nothing.</summary>
    /// <param name="held">Where each is outside.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<Standing> CheckAsync(IReadOnlyDictionary<Transport, IPEndPoint> held, CancellationToken cancellationToken);
}
