using System.Diagnostics.Metrics;

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
        var meter = factory.Create("AptP2P.Source.Peers");
        _received = meter.CreateCounter<long>("aptp2p.peers.received", "By", "Bytes of contents that came from peers");
        _reads = meter.CreateCounter<long>("aptp2p.peers.reads", "{read}", "Reads of a range from a peer, by how they ended");
        _firstByte = meter.CreateHistogram<double>(
            "aptp2p.peers.first_byte.duration", "s", "From a request to a peer to its answer's headers");
    }

    public long BytesReceived => Interlocked.Read(ref _bytesReceived);

    public void Received(int bytes)
    {
        Interlocked.Add(ref _bytesReceived, bytes);
        _received.Add(bytes);
    }

    public void FirstByte(TimeSpan after) => _firstByte.Record(after.TotalSeconds);

    public void Read(ChannelOutcome outcome) =>
        _reads.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString().ToLowerInvariant()));
}
