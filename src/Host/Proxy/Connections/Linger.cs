using System.IO.Pipelines;
using System.Net.Sockets;
using AptP2P.Host.Sending;

namespace AptP2P.Host.Proxy.Connections;

/// <summary>
/// How a connection is ended by us. A socket that is closed while bytes of the client are unread, or before its last ones come, resets its
/// connection, and the client loses answers that are still on their way (RFC 9112, section 9.6). So our side is ended first, and what the
/// client still sends is read and dropped until it has ended its side too, or has all that it was sent and its time is over.
/// </summary>
/// <param name="socket">The client's.</param>
/// <param name="unconfirmed">How much of what it was sent it has not confirmed: <see cref="KernelSend.Unconfirmed"/>.</param>
/// <param name="input">What it sends.</param>
/// <param name="time">The time.</param>
/// <param name="stopping">Cancelled when the daemon begins to stop: then a client that keeps its side open for long must not delay
/// it.</param>
internal sealed class Linger(Socket socket, Func<int> unconfirmed, PipeReader input, TimeProvider time, CancellationToken stopping)
{
    /// <summary>How long a client that has got the end of our bytes may take to end its side.</summary>
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(2);

    /// <summary>The same while the daemon stops: it is looked this often whether the client has got the end.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How much is dropped: what a client can have under way in its socket and ours, and no more for one that just sends.
    /// </summary>
    private const int MaxDropped = 16 << 20;

    private long _dropped;

    public async Task RunAsync()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            var (before, since) = (int.MaxValue, time.GetTimestamp());
            while (!await DropAsync())
            {
                var left = unconfirmed();
                if (left == 0 || (left == before && time.GetElapsedTime(since) >= SocketOutput.Patience))
                {
                    return;
                }

                (before, since) = left == before ? (before, since) : (left, time.GetTimestamp()); // it still takes what it was sent
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // It has gone its own way.
        }
    }

    /// <summary>Reads and drops for a while.</summary>
    /// <returns>Whether the client has ended its side.</returns>
    private async Task<bool> DropAsync()
    {
        using var pause = new CancellationTokenSource(stopping.IsCancellationRequested ? StopTime : Time, time);
        using var stop = stopping.IsCancellationRequested
            ? default
            : stopping.UnsafeRegister(static pause => ((CancellationTokenSource)pause!).Cancel(), pause);
        try
        {
            while (_dropped < MaxDropped)
            {
                var result = await input.ReadAsync(pause.Token);
                _dropped += result.Buffer.Length;
                input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    return true;
                }
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, time, pause.Token); // what comes now waits in the socket
        }
        catch (OperationCanceledException)
        {
            // time to look how far the client is
        }

        return false;
    }
}
