using System.Diagnostics.Metrics;

namespace AptP2P.Host.Catalog;

/// <summary>How often the catalog knew, and what it learned.</summary>
internal sealed class CatalogMetrics
{
    private readonly Counter<long> _identified;
    private readonly Histogram<double> _learning;
    private readonly Counter<long> _entries;

    public CatalogMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("AptP2P.Host");
        _identified = meter.CreateCounter<long>("aptp2p.catalog.requests", "{request}", "Requests whose SHA-256 the catalog was asked for, by whether it knew");
        _learning = meter.CreateHistogram<double>("aptp2p.catalog.learning.duration", "s", "Time to read and store a Release or an index, by outcome");
        _entries = meter.CreateCounter<long>("aptp2p.catalog.entries", "{file}", "Files that indexes named");
    }

    public void Identified(bool known) => _identified.Add(1, new KeyValuePair<string, object?>("known", known));

    public void Learned(LearnResult result, TimeSpan duration)
    {
        _learning.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", result.Outcome));
        _entries.Add(result.Entries);
    }
}
