using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AptP2P.Stats;

/// <summary>What one section says now. A section that fails says so, and the others are shown.</summary>
internal sealed record SectionView(string Key, string Title, IReadOnlyList<StatusItem> Items);

/// <summary>Asks every section.</summary>
internal sealed partial class StatusReader(
    IEnumerable<IStatusSection> sections, IOptions<StatsOptions> options, TimeProvider time, ILogger<StatusReader> logger)
{
    /// <summary>In the order in which they were registered; sections that share a key are one.</summary>
    public async Task<IReadOnlyList<SectionView>> ReadAsync(CancellationToken cancellationToken)
    {
        var views = new List<SectionView>();
        foreach (var sharing in sections.GroupBy(section => section.Key))
        {
            var items = new List<StatusItem>();
            foreach (var section in sharing)
            {
                items.AddRange(await ReadAsync(section, cancellationToken));
            }

            views.Add(new SectionView(sharing.Key, sharing.First().Title, [.. items.DistinctBy(item => item.Key)]));
        }

        return views;
    }

    private async Task<IReadOnlyList<StatusItem>> ReadAsync(IStatusSection section, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await section.ReadAsync(enough.Token).AsTask().WaitAsync(options.Value.SectionTime, time, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested) // any: a section is foreign code
        {
            await enough.CancelAsync();
            LogFailed(logger, section.Key, e);
            return [new StatusValue("error", "Error", e is TimeoutException ? "took too long" : e.Message)];
        }
    }

    [LoggerMessage(5000, LogLevel.Warning, "The status section {Section} failed")]
    private static partial void LogFailed(ILogger logger, string section, Exception exception);
}
