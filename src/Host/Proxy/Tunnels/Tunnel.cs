using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace AptP2P.Host.Proxy.Tunnels;

/// <summary>One tunnel: bytes go both ways, and each way ends by itself.</summary>
internal sealed class Tunnel(PipeReader input, Socket client, Stream origin, TunnelClock clock)
{
    private const int Portion = 64 << 10;

    /// <summary>Runs until both ways have ended, one has failed, or its time is over.</summary>
    public async Task<TunnelEnd> RunAsync()
    {
        Task<TunnelEnd>[] ways = [GuardAsync(CopyUpAsync(clock.End)), GuardAsync(CopyDownAsync(clock.End))];
        if (await await Task.WhenAny(ways) != TunnelEnd.InOrder)
        {
            await clock.CutAsync(); // half a tunnel is of no use to anybody
        }

        return (await Task.WhenAll(ways)).Max();
    }

    private async Task CopyUpAsync(CancellationToken end)
    {
        while (true)
        {
            var result = await input.ReadAsync(end);
            clock.Came();
            foreach (var segment in result.Buffer)
            {
                await origin.WriteAsync(segment, end);
            }

            clock.Passed();
            input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                (origin as NetworkStream)?.Socket.Shutdown(SocketShutdown.Send);
                return;
            }
        }
    }

    private async Task CopyDownAsync(CancellationToken end)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Portion);
        try
        {
            while (await origin.ReadAsync(buffer, end) is > 0 and var count)
            {
                clock.Came();
                for (var sent = 0; sent < count;)
                {
                    sent += await client.SendAsync(buffer.AsMemory(sent, count - sent), SocketFlags.None, end);
                }

                clock.Passed();
            }

            client.Shutdown(SocketShutdown.Send);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<TunnelEnd> GuardAsync(Task way)
    {
        try
        {
            await way;
            return TunnelEnd.InOrder;
        }
        catch (OperationCanceledException)
        {
            return clock.Verdict;
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            return TunnelEnd.Cut;
        }
    }
}
