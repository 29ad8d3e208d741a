using AptP2P.Host.Catalog.Identifying;
using AptP2P.Host.Catalog.Learning;

namespace AptP2P.Host.Catalog;

/// <summary>The catalog on the status page: whether what apt asks for is known tells whether it can be shared.</summary>
internal sealed class CatalogStatus(LearningMetrics learning, IdentifyingMetrics identifying) : IStatusSection
{
    public string Key => "catalog";

    public string Title => "Catalog";

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken) => new(
    [
        new StatusValue("learned", "Releases and indexes read since the start", learning.LearnedCount),
        new StatusValue("entries", "Files that they named", learning.LearnedEntries),
        new StatusValue("known", "Requests whose SHA-256 was known", identifying.KnownRequests),
        new StatusValue("unknown", "Requests whose SHA-256 was not known", identifying.UnknownRequests),
    ]);
}
