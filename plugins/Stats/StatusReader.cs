using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AptP2P.Stats;

/// <summary>What one section says now. A section that fails says so, and the others are shown.</summary>
internal sealed record SectionView(string Key, string Title, IReadOnlyList<StatusItem> Items);

/// <summary>Asks every section, all at the same time: the slowest takes no more than <see cref="StatsOptions.SectionTime"/>.</summary>
internal sealed partial class StatusReader(
    IEnumerable<IStatusSection> sections, IOptions<StatsOptions> options, TimeProvider time, ILogger<StatusReader> logger)
{
    private readonly Lazy<AskedSection[]> _asked = new(() => [.. sections.Select((section, number) => new AskedSection(section, number))]);

    /// <summary>In the order in which they were registered; sections that share a key are one.</summary>
    public async Task<IReadOnlyList<SectionView>> ReadAsync(CancellationToken cancellationToken)
    {
        var views = await Task.WhenAll(_asked.Value.Select(section => ReadAsync(section, cancellationToken)));
        return [.. views.GroupBy(view => view.Key, (key, sharing) =>
            new SectionView(key, sharing.First().Title, [.. sharing.SelectMany(view => view.Items).DistinctBy(item => item.Key)]))];
    }

    private async Task<SectionView> ReadAsync(AskedSection section, CancellationToken cancellationToken)
    {
        try
        {
            return await section.ReadAsync(options.Value.SectionTime, time, cancellationToken);
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
