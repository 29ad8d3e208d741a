using System.Diagnostics;

namespace AptP2P.Bench.Crowd;

/// <summary>A moment at which everybody wants the same file.</summary>
/// <param name="Daemons">How many.</param>
/// <param name="Clients">On each of them.</param>
/// <param name="Downloads">Of all clients.</param>
/// <param name="Makespan">Until the last had it.</param>
/// <param name="OriginBytes">What the mirror sent meanwhile.</param>
/// <param name="Processor">Processor time of this process, daemons, mirror and clients together.</param>
/// <param name="PeakMemory">The most that was resident, in bytes.</param>
/// <param name="Wrong">Daemons without the right bytes.</param>
internal sealed record Run(
    int Daemons, int Clients, IReadOnlyList<Download> Downloads, TimeSpan Makespan, long OriginBytes, TimeSpan Processor, long PeakMemory,
    int Wrong)
{
    private static readonly TimeSpan Sampling = TimeSpan.FromMilliseconds(100);

    public static async Task<Run> MeasureAsync(Swarm swarm, Origin origin, ArchiveFile file, int clients, TimeSpan patience)
    {
        origin.Reset();
        var before = Usage.Of(Environment.ProcessId);
        using var limit = new CancellationTokenSource(patience);
        using var done = new CancellationTokenSource();
        var peak = WatchMemoryAsync(done.Token);
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var downloads = (
            from endPoint in swarm.EndPoints
            from client in Enumerable.Range(0, clients)
            select DownloadAsync(new Uri($"http://{endPoint}/{origin.Address.Authority}/{file.Path}"), file, start.Task, limit.Token)
        ).ToList();
        var began = Stopwatch.GetTimestamp();
        start.SetResult();
        var finished = await Task.WhenAll(downloads);
        var makespan = Stopwatch.GetElapsedTime(began);
        var (used, sent) = (Usage.Of(Environment.ProcessId).Processor - before.Processor, origin.BytesSent);
        await done.CancelAsync();
        return new Run(swarm.EndPoints.Count, clients, finished, makespan, sent, used, await peak, await swarm.CountWrongAsync(file));
    }

    private static async Task<Download> DownloadAsync(Uri address, ArchiveFile file, Task start, CancellationToken cancellationToken)
    {
        using var client = new Client();
        await start;
        var download = await client.GetAsync(address, cancellationToken: cancellationToken);
        return download.Length == file.Length
            ? download
            : throw new InvalidOperationException($"{address}: {download.Length} bytes instead of {file.Length}");
    }

    private static async Task<long> WatchMemoryAsync(CancellationToken cancellationToken)
    {
        var peak = 0L;
        while (!cancellationToken.IsCancellationRequested)
        {
            peak = Math.Max(peak, Usage.Of(Environment.ProcessId).Resident);
            await Task.Delay(Sampling, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return peak;
    }
}
