using System.Diagnostics.Metrics;

namespace AptP2P.Source.Mirror;

internal sealed class MirrorMetrics
{
    public const string Meter = "AptP2P.Source.Mirror";

    private readonly Counter<long> _received;
    private readonly Counter<long> _reads;
    private readonly Histogram<double> _firstByte;

    public MirrorMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(Meter);
        _received = meter.CreateCounter<long>("aptp2p.mirror.received", "By", "Bytes of bodies that came from origins");
        _reads = meter.CreateCounter<long>("aptp2p.mirror.reads", "{read}", "Reads of a range from an origin, by how they ended");
        _firstByte = meter.CreateHistogram(
            "aptp2p.mirror.first_byte.duration", "s", "From a request to its answer's headers, redirects included", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });
    }

    public void Received(int bytes) => _received.Add(bytes);

    public void FirstByte(TimeSpan after) => _firstByte.Record(after.TotalSeconds);

    public void Read(ChannelOutcome outcome) =>
        _reads.Add(1, new KeyValuePair<string, object?>("aptp2p.outcome", outcome.ToString().ToLowerInvariant()));
}
