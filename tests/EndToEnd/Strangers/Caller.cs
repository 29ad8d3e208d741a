using System.Net;
using System.Net.Sockets;

namespace AptP2P.EndToEnd.Strangers;

/// <summary>Somebody who connects, sends bytes as they are, and leaves in one way or another.</summary>
internal sealed class Caller(IPEndPoint daemon) : IDisposable
{
    private const int Kept = 3; // connections on which nothing is said any more
    private const int BufferLength = 64 * 1024;

    private readonly Queue<Socket> _silent = new();
    private readonly byte[] _buffer = new byte[BufferLength];

    /// <returns>All that it was answered; nothing where the caller did not wait for it.</returns>
    public async Task<byte[]> SendAsync(IPAddress from, StrangeRequest request, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (!from.Equals(IPAddress.Loopback)) // which is what the kernel takes by itself
            {
                socket.Bind(new IPEndPoint(from, 0));
            }

            await socket.ConnectAsync(daemon, cancellationToken);
            return await TalkAsync(socket, request, cancellationToken);
        }
        finally
        {
            if (request.Parting != Parting.Silent)
            {
                socket.Dispose();
            }
            else
            {
                _silent.Enqueue(socket);
                while (_silent.Count > Kept)
                {
                    _silent.Dequeue().Dispose();
                }
            }
        }
    }

    public void Dispose()
    {
        while (_silent.TryDequeue(out var socket))
        {
            socket.Dispose();
        }
    }

    private async Task<byte[]> TalkAsync(Socket socket, StrangeRequest request, CancellationToken cancellationToken)
    {
        // Who answers and closes before it has all of the request does not read the rest; its answer may still be there.
        var answer = new MemoryStream();
        try
        {
            for (var sent = 0; sent < request.Bytes.Length;)
            {
                sent += await socket.SendAsync(request.Bytes.AsMemory(sent), cancellationToken);
            }

            if (request.Parting == Parting.HalfClosed)
            {
                socket.Shutdown(SocketShutdown.Send);
            }
            else if (request.Parting == Parting.Reset)
            {
                socket.LingerState = new LingerOption(true, 0);
            }
        }
        catch (SocketException)
        {
            // as above
        }

        try
        {
            while (request.Parting == Parting.HalfClosed && await socket.ReceiveAsync(_buffer, cancellationToken) is > 0 and var count)
            {
                answer.Write(_buffer, 0, count);
            }
        }
        catch (SocketException)
        {
            // a reset: what has come until then counts
        }

        return answer.ToArray();
    }
}
