namespace AptP2P.Host.Catalog;

/// <summary>The catalog on the status page: whether what apt asks for is known tells whether it can be shared.</summary>
internal sealed class CatalogStatus(CatalogMetrics metrics) : IStatusSection
{
    public string Key => "catalog";

    public string Title => "Catalog";

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken) => new(
    [
        new StatusValue("learned", "Releases and indexes read since the start", metrics.LearnedCount),
        new StatusValue("entries", "Files that they named", metrics.LearnedEntries),
        new StatusValue("known", "Requests whose SHA-256 was known", metrics.KnownRequests),
        new StatusValue("unknown", "Requests whose SHA-256 was not known", metrics.UnknownRequests),
    ]);
}
