namespace AptP2P;

/// <summary>
/// The one way out to origins: resolves a name, checks every address against what the client may reach, and connects. To get a file use
/// <see cref="IOriginClient"/>, whose connections are made here.
/// </summary>
public interface IOriginConnector
{
    /// <summary>
    /// Connects to the address that takes a connection first; they are tried one after the other, a moment apart (RFC 8305).
    /// </summary>
    /// <exception cref="OriginRefusedException">The name has no address that this client may reach.</exception>
    /// <exception cref="IOException">No address answered.</exception>
    ValueTask<Stream> ConnectAsync(string host, int port, OriginReach reach, CancellationToken cancellationToken);
}
