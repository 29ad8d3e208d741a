using System.Collections.Concurrent;
using AptP2P.Stats.Page;
using AptP2P.Stats.Sections;

namespace AptP2P.Stats.Live;

/// <summary>The page as it is now: read and rendered at most once a second, however many look at it.</summary>
internal sealed class LivePage(StatusReader reader, PageParts parts, TimeProvider time)
{
    /// <summary>How often it is made anew. What a busy daemon spends on those who watch it does not grow with their number.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>The chart's spans. Others cannot be asked for: each is rendered by itself.</summary>
    private static readonly string[] Spans = ["hour", "day", "month"];

    private readonly Lock _lock = new();
    private Reading? _latest;

    /// <param name="span">The span of the chart, as the client asks for it.</param>
    public Task<IReadOnlyList<PagePart>> ReadAsync(string? span)
    {
        span = Spans.Contains(span) ? span! : Spans[0];
        var reading = Latest();
        return reading.Rendered.GetOrAdd(span, _ => new(() => RenderAsync(reading.Status, span))).Value;
    }

    private Reading Latest()
    {
        lock (_lock)
        {
            if (_latest is not { } latest || time.GetElapsedTime(latest.At) >= Pause)
            {
                // For all who look, so that nobody's going away ends it; each section has its limited time.
                _latest = latest = new Reading(time.GetTimestamp(), Task.Run(() => reader.ReadAsync(CancellationToken.None)));
            }

            return latest;
        }
    }

    private async Task<IReadOnlyList<PagePart>> RenderAsync(Task<StatusSnapshot> status, string span) =>
        await parts.RenderAsync(await status, span);

    private sealed record Reading(long At, Task<StatusSnapshot> Status)
    {
        public ConcurrentDictionary<string, Lazy<Task<IReadOnlyList<PagePart>>>> Rendered { get; } = [];
    }
}
