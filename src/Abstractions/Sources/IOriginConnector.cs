namespace AptP2P;

/// <summary>
/// The one way out to origins: resolves a name, checks every address against what the client may reach, and connects. Whoever makes an
/// <c>HttpClient</c> for origins gives its handler a connect callback that calls this, so that redirects are checked as well.
/// </summary>
public interface IOriginConnector
{
    /// <summary>Connects to the first address that answers.</summary>
    /// <exception cref="OriginRefusedException">The name has no address that this client may reach.</exception>
    /// <exception cref="IOException">No address answered.</exception>
    ValueTask<Stream> ConnectAsync(string host, int port, OriginReach reach, CancellationToken cancellationToken);
}
