using System.Diagnostics.Metrics;
using AptP2P.Host.Catalog.Learning;

namespace AptP2P.Host.Catalog;

/// <summary>How often the catalog knew, and what it learned.</summary>
internal sealed class CatalogMetrics
{
    private readonly Counter<long> _identified;
    private readonly Histogram<double> _learning;
    private readonly Counter<long> _entries;
    private long _learnedCount, _learnedEntries, _knownRequests, _unknownRequests;

    public CatalogMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("AptP2P.Host");
        _identified = meter.CreateCounter<long>(
            "aptp2p.catalog.requests", "{request}", "Requests whose SHA-256 the catalog was asked for, by whether it knew");
        _learning = meter.CreateHistogram<double>(
            "aptp2p.catalog.learning.duration", "s", "Time to read and store a Release or an index, by outcome");
        _entries = meter.CreateCounter<long>("aptp2p.catalog.entries", "{file}", "Files that indexes named");
    }

    public long LearnedCount => Interlocked.Read(ref _learnedCount);

    public long LearnedEntries => Interlocked.Read(ref _learnedEntries);

    public long KnownRequests => Interlocked.Read(ref _knownRequests);

    public long UnknownRequests => Interlocked.Read(ref _unknownRequests);

    public void Identified(bool known)
    {
        Interlocked.Increment(ref known ? ref _knownRequests : ref _unknownRequests);
        _identified.Add(1, new KeyValuePair<string, object?>("known", known));
    }

    public void Learned(LearnResult result, TimeSpan duration)
    {
        _learning.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", result.Outcome));
        _entries.Add(result.Entries);
        if (result.Outcome == LearnOutcome.Learned)
        {
            Interlocked.Add(ref _learnedEntries, result.Entries);
            Interlocked.Increment(ref _learnedCount);
        }
    }
}
