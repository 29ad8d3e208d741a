using System.Diagnostics.Metrics;
using AptP2P.Source.Peers.Traffic;

namespace AptP2P.Source.Peers.Fetching;

/// <summary>What comes from peers: counts for OpenTelemetry, and a total since the start for the status page.</summary>
internal sealed class FetchMetrics
{
    private readonly Counter<long> _received;
    private readonly Counter<long> _reads;
    private readonly Histogram<double> _firstByte;
    private long _bytesReceived;

    public FetchMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(PeersTraffic.Meter);
        _received = PeersTraffic.Create(factory);
        _reads = meter.CreateCounter<long>("aptp2p.peer.reads", "{read}", "Reads of a range from a peer, by how they ended");
        _firstByte = meter.CreateHistogram(
            "aptp2p.peer.first_byte.duration", "s", "From a request to a peer to its answer's headers", tags: null,
            new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
            });
    }

    public long BytesReceived => Interlocked.Read(ref _bytesReceived);

    public void Received(int bytes)
    {
        Interlocked.Add(ref _bytesReceived, bytes);
        _received.Add(bytes, PeersTraffic.Receive);
    }

    public void FirstByte(TimeSpan after) => _firstByte.Record(after.TotalSeconds);

    public void Read(ChannelOutcome outcome) =>
        _reads.Add(1, new KeyValuePair<string, object?>("aptp2p.outcome", outcome.ToString().ToLowerInvariant()));
}
