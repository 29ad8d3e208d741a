namespace AptP2P.Ports.Gateways;

/// <summary>What the protocols need of the network. An implementation lets no other address than the router's be heard.</summary>
internal interface IRouterNetwork
{
    /// <summary>A socket from this machine's address to a port of the router.</summary>
    /// <returns><see langword="null"/> where the machine has no such address any more.</returns>
    IRouterSocket? Open(Gateway gateway, int port);

    /// <summary>A socket that sends to the UPnP group and to the router, and hears what the router answers from any port.</summary>
    IRouterSocket? OpenSearch(Gateway gateway);

    /// <summary>Sends a request to the router: a GET, or a POST of a call. Redirects are not followed.</summary>
    /// <param name="gateway">The router, whose address the target has.</param>
    /// <param name="target">The page.</param>
    /// <param name="call">The call's body and its name; <see langword="null"/> for a GET.</param>
    /// <param name="maxLength">A longer answer is none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns><see langword="null"/> if no whole answer came.</returns>
    Task<RouterPage?> FetchAsync(
        Gateway gateway, Uri target, RouterCall? call, int maxLength, CancellationToken cancellationToken);
}

/// <summary>A socket to one router.</summary>
internal interface IRouterSocket : IDisposable
{
    /// <summary>Sends a datagram.</summary>
    /// <returns>Whether that is possible.</returns>
    ValueTask<bool> SendAsync(ReadOnlyMemory<byte> datagram, CancellationToken cancellationToken);

    /// <summary>Waits for a datagram of the router.</summary>
    /// <returns>Its length, as far as there is room; a negative number if nobody is there.</returns>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken);
}

/// <summary>An answer by HTTP.</summary>
internal sealed record RouterPage(int Status, byte[] Body);

/// <summary>A request by SOAP.</summary>
internal sealed record RouterCall(string Action, string Body);
