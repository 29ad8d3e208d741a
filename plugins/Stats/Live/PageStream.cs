using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace AptP2P.Stats.Live;

/// <summary>The page's parts as server-sent events: each when it has changed, by the id of its element.</summary>
internal sealed class PageStream(LivePage page, TimeProvider time, PluginContext context)
{
    /// <param name="span">The span of the chart.</param>
    /// <param name="cancellationToken">Ends it. So does the daemon's stop, which waits for no page.</param>
    public async IAsyncEnumerable<SseItem<string>> ReadAsync(
        string? span, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, context.Stopping);
        using var timer = new PeriodicTimer(LivePage.Pause, time);
        var sent = new Dictionary<string, string>();
        do
        {
            foreach (var part in await page.ReadAsync(span))
            {
                if (sent.GetValueOrDefault(part.Id) != part.Html)
                {
                    sent[part.Id] = part.Html;
                    yield return new SseItem<string>(part.Html, part.Id);
                }
            }
        }
        while (await TicksAsync(timer, end.Token));
    }

    private static async ValueTask<bool> TicksAsync(PeriodicTimer timer, CancellationToken end)
    {
        try
        {
            return await timer.WaitForNextTickAsync(end);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
