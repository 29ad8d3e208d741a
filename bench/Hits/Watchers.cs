using System.Net;

namespace AptP2P.Bench.Hits;

/// <summary>People who have the daemon's page open: each asks for what it shows every second, as a browser does.</summary>
internal sealed class Watchers : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource _closed = new();
    private readonly List<Task> _pages = [];
    private long _bytes;

    /// <summary>What all of them were sent.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <returns>When each of them has an answer.</returns>
    public static async Task<Watchers> OpenAsync(IPEndPoint daemon, int pages)
    {
        var watchers = new Watchers();
        for (var i = 0; i < pages; i++)
        {
            await watchers.LookAsync(daemon);
            watchers._pages.Add(watchers.WatchAsync(daemon));
        }

        return watchers;
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await Task.WhenAll(_pages);
        _http.Dispose();
        _closed.Dispose();
    }

    private async Task WatchAsync(IPEndPoint daemon)
    {
        using var timer = new PeriodicTimer(Period, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(_closed.Token))
            {
                await LookAsync(daemon);
            }
        }
        catch (OperationCanceledException)
        {
            // closed
        }
    }

    private async Task LookAsync(IPEndPoint daemon) =>
        Interlocked.Add(ref _bytes, (await _http.GetByteArrayAsync(new Uri($"http://{daemon}/p2p/status"), _closed.Token)).Length);
}
