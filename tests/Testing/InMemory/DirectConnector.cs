using System.Net.Sockets;

namespace AptP2P.Testing.InMemory;

/// <summary>Connects to any address but those a test refuses.</summary>
public sealed class DirectConnector : IOriginConnector
{
    /// <summary>Host names and addresses that no client may reach.</summary>
    public HashSet<string> Refused { get; } = [];

    /// <summary>Names that are resolved here, in place of DNS.</summary>
    public Dictionary<string, string> Names { get; } = [];

    public async ValueTask<Stream> ConnectAsync(string host, int port, OriginReach reach, CancellationToken cancellationToken)
    {
        if (Refused.Contains(host))
        {
            throw new OriginRefusedException($"{host} is refused by the test.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(Names.GetValueOrDefault(host, host), port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException(e.Message, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
