using System.Net;
using System.Net.Sockets;
using AptP2P.Ports.Gateways;

namespace AptP2P.Ports.Sockets;

/// <summary>A socket that the kernel has connected: it hears that one port of the router, and that nobody is there.</summary>
internal sealed class DatagramSocket(Socket socket) : IRouterSocket
{
    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> datagram, CancellationToken cancellationToken)
    {
        try
        {
            await socket.SendAsync(datagram, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await socket.ReceiveAsync(buffer, cancellationToken);
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.MessageSize ? 0 : -1;
        }
    }

    public void Dispose() => socket.Dispose();
}

/// <summary>Sends to the UPnP group and to the router, and hears the router only.</summary>
internal sealed class SearchSocket(Socket socket, Gateway gateway) : IRouterSocket
{
    private const int Port = 1900;
    private const int MaxStrangers = 1024; // datagrams that others have sent to this port: a flood must not keep us busy

    private static readonly IPEndPoint Group = new(IPAddress.Parse("239.255.255.250"), Port);

    private int _strangers;

    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> datagram, CancellationToken cancellationToken)
    {
        var isSent = await SendAsync(datagram, new IPEndPoint(gateway.Address, Port), cancellationToken); // where switches lose multicast
        return (!IPAddress.IsLoopback(gateway.Own) && await SendAsync(datagram, Group, cancellationToken)) || isSent;
    }

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            while (_strangers < MaxStrangers)
            {
                var received = await socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), cancellationToken);
                if (((IPEndPoint)received.RemoteEndPoint).Address.Equals(gateway.Address))
                {
                    return received.ReceivedBytes;
                }

                _strangers++;
            }
        }
        catch (SocketException)
        {
            // as if nobody were there
        }

        return -1;
    }

    public void Dispose() => socket.Dispose();

    private async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> datagram, IPEndPoint to, CancellationToken cancellationToken)
    {
        try
        {
            await socket.SendToAsync(datagram, SocketFlags.None, to, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
