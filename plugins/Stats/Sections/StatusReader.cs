using Microsoft.Extensions.Logging;

namespace AptP2P.Stats.Sections;

/// <summary>Asks all sections at the same time. One that fails or takes too long is shown with its error, beside the others.</summary>
/// <param name="sections">Those of the host and of plugins.</param>
/// <param name="limit">How long each may take.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Hears of those that fail.</param>
internal sealed partial class StatusReader(
    IEnumerable<IStatusSection> sections, TimeSpan limit, TimeProvider time, ILogger<StatusReader> logger)
{
    private readonly Lazy<AskedSection[]> _asked = new(() => [.. sections.Select((section, number) => new AskedSection(section, number))]);

    /// <summary>In the order in which they were registered; sections that share a key are one.</summary>
    public async Task<StatusSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        var views = await Task.WhenAll(_asked.Value.Select(section => ReadAsync(section, cancellationToken)));
        return new StatusSnapshot(time.GetUtcNow(), [.. views.GroupBy(view => view.Key, (key, sharing) =>
            new SectionView(key, sharing.First().Title, [.. sharing.SelectMany(view => view.Items).DistinctBy(item => item.Key)]))]);
    }

    private async Task<SectionView> ReadAsync(AskedSection section, CancellationToken cancellationToken)
    {
        try
        {
            return await section.ReadAsync(limit, time, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested) // any: a section is foreign code
        {
            LogFailed(logger, section.Key, e);
            return new SectionView(
                section.Key, section.Title,
                [new StatusValue("error", "Error", e is TimeoutException ? "took too long" : SafeItems.Describe(e))]);
        }
    }

    [LoggerMessage(5000, LogLevel.Warning, "The status section {Section} failed")]
    private static partial void LogFailed(ILogger logger, string section, Exception exception);
}
