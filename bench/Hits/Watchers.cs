using System.Net;

namespace AptP2P.Bench.Hits;

/// <summary>People who have the daemon's page open: each holds its stream of events and reads what comes, as a browser does.</summary>
internal sealed class Watchers : IAsyncDisposable
{
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
            var answer = await watchers._http.GetAsync(
                new Uri($"http://{daemon}/p2p/status/stream"), HttpCompletionOption.ResponseHeadersRead, watchers._closed.Token);
            watchers._pages.Add(watchers.ReadAsync(answer.EnsureSuccessStatusCode()));
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

    private async Task ReadAsync(HttpResponseMessage answer)
    {
        using var whole = answer;
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(_closed.Token);
            var buffer = new byte[64 << 10];
            while (await body.ReadAsync(buffer, _closed.Token) is var read and > 0)
            {
                Interlocked.Add(ref _bytes, read);
            }

            throw new InvalidOperationException("the daemon ended a page's stream");
        }
        catch (OperationCanceledException)
        {
            // closed
        }
    }
}
