using System.Net.Sockets;

namespace AptP2P.Ports.Gateways;

/// <summary>One of the ways to have a router map a port.</summary>
internal interface IMappingProtocol
{
    /// <summary>What it is called.</summary>
    string Name { get; }

    /// <summary>Whether routers speak it for an address family.</summary>
    bool IsFor(AddressFamily family);

    /// <summary>Asks whether a router speaks it, in a question that changes nothing.</summary>
    /// <returns><see langword="null"/> if it does not, or does not answer.</returns>
    Task<IRouterDialog?> FindAsync(Gateway gateway, CancellationToken cancellationToken);
}
