using System.Diagnostics.Metrics;
using AptP2P.Host.Telemetry;

namespace AptP2P.Host.Catalog.Learning;

/// <summary>What the catalog learned.</summary>
internal sealed class LearningMetrics
{
    private readonly Histogram<double> _learning;
    private readonly Counter<long> _entries;
    private long _learnedCount, _learnedEntries;

    public LearningMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(HostMeter.Name);
        _learning = meter.CreateHistogram(
            "aptp2p.catalog.learning.duration", "s", "Time to read and store a Release or an index, by outcome", tags: null,
            Durations.Work);
        _entries = meter.CreateCounter<long>("aptp2p.catalog.entries", "{file}", "Files that indexes named");
    }

    public long LearnedCount => Interlocked.Read(ref _learnedCount);

    public long LearnedEntries => Interlocked.Read(ref _learnedEntries);

    public void Learned(LearnResult result, TimeSpan duration)
    {
        _learning.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("aptp2p.outcome", SnakeCase.Of(result.Outcome)));
        _entries.Add(result.Entries);
        if (result.Outcome == LearnOutcome.Learned)
        {
            Interlocked.Add(ref _learnedEntries, result.Entries);
            Interlocked.Increment(ref _learnedCount);
        }
    }
}
