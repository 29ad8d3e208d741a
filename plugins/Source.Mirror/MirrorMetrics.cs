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
        _firstByte = meter.CreateHistogram<double>(
            "aptp2p.mirror.first_byte.duration", "s", "From a request to its answer's headers, redirects included");
    }

    public void Received(int bytes) => _received.Add(bytes);

    public void FirstByte(TimeSpan after) => _firstByte.Record(after.TotalSeconds);

    public void Read(ChannelOutcome outcome) =>
        _reads.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString().ToLowerInvariant()));
}
