using System.Net;
using System.Net.Sockets;

namespace AptP2P.Host.Tests.Proxy.Connections;

/// <summary>A connection with both its ends: a client that does nothing, and the daemon's socket.</summary>
internal sealed class ConnectedPair : IDisposable
{
    private readonly Socket _client = new(SocketType.Stream, ProtocolType.Tcp);

    public ConnectedPair(string address)
    {
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        _client.Connect(listener.LocalEndpoint);
        Accepted = listener.AcceptSocket();
    }

    public Socket Accepted { get; }

    public void Dispose()
    {
        _client.Dispose();
        Accepted.Dispose();
    }
}
