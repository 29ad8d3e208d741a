using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace AptP2P.Host.Proxy.Connections;

/// <summary>One tunnel: bytes go both ways, and each way ends by itself.</summary>
internal sealed class Tunnel(PipeReader input, Socket client, Stream origin, TimeSpan idleTime, TimeProvider time)
{
    private const int Portion = 64 << 10;

    /// <summary>Runs until both ways have ended, one has failed, or nothing has passed for the time that a tunnel may be idle.</summary>
    /// <returns>Whether both have ended in order.</returns>
    public async Task<bool> RunAsync()
    {
        using var idle = new CancellationTokenSource(idleTime, time);
        Task<bool>[] ways = [GuardAsync(CopyUpAsync(idle)), GuardAsync(CopyDownAsync(idle))];
        if (!await await Task.WhenAny(ways))
        {
            await idle.CancelAsync(); // half a tunnel is of no use to anybody
        }

        return (await Task.WhenAll(ways)).All(inOrder => inOrder);
    }

    private async Task CopyUpAsync(CancellationTokenSource idle)
    {
        while (true)
        {
            var result = await input.ReadAsync(idle.Token);
            idle.CancelAfter(idleTime);
            foreach (var segment in result.Buffer)
            {
                await origin.WriteAsync(segment, idle.Token);
            }

            input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                (origin as NetworkStream)?.Socket.Shutdown(SocketShutdown.Send);
                return;
            }
        }
    }

    private async Task CopyDownAsync(CancellationTokenSource idle)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Portion);
        try
        {
            while (await origin.ReadAsync(buffer, idle.Token) is > 0 and var count)
            {
                idle.CancelAfter(idleTime);
                for (var sent = 0; sent < count;)
                {
                    sent += await client.SendAsync(buffer.AsMemory(sent, count - sent), SocketFlags.None, idle.Token);
                }
            }

            client.Shutdown(SocketShutdown.Send);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<bool> GuardAsync(Task way)
    {
        try
        {
            await way;
            return true;
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            return false;
        }
    }
}
