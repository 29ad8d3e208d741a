using System.Diagnostics.Metrics;

namespace AptP2P.Source.Peers;

/// <summary>Counts for OpenTelemetry, and totals since the start for the status page.</summary>
internal sealed class PeersMetrics
{
    public const string Meter = "AptP2P.Source.Peers";

    private readonly Counter<long> _received;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _reads;
    private readonly Counter<long> _answers;
    private readonly Histogram<double> _firstByte;
    private readonly UpDownCounter<int> _uploads;
    private long _bytesReceived;
    private long _bytesSent;
    private int _uploading;

    public PeersMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(Meter);
        _received = meter.CreateCounter<long>("aptp2p.peers.received", "By", "Bytes of contents that came from peers");
        _sent = meter.CreateCounter<long>("aptp2p.peers.sent", "By", "Bytes of contents that went to peers");
        _reads = meter.CreateCounter<long>("aptp2p.peers.reads", "{read}", "Reads of a range from a peer, by how they ended");
        _answers = meter.CreateCounter<long>("aptp2p.peers.answers", "{answer}", "Answers to peers, by what was asked for and status");
        _firstByte = meter.CreateHistogram<double>(
            "aptp2p.peers.first_byte.duration", "s", "From a request to a peer to its answer's headers");
        _uploads = meter.CreateUpDownCounter<int>("aptp2p.peers.uploads", "{upload}", "Answers to peers that run now");
    }

    public long BytesReceived => Interlocked.Read(ref _bytesReceived);

    public long BytesSent => Interlocked.Read(ref _bytesSent);

    public int Uploading => Volatile.Read(ref _uploading);

    public void Received(int bytes)
    {
        Interlocked.Add(ref _bytesReceived, bytes);
        _received.Add(bytes);
    }

    public void Sent(int bytes)
    {
        Interlocked.Add(ref _bytesSent, bytes);
        _sent.Add(bytes);
    }

    public void FirstByte(TimeSpan after) => _firstByte.Record(after.TotalSeconds);

    public void Read(ChannelOutcome outcome) =>
        _reads.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString().ToLowerInvariant()));

    /// <param name="what"><c>content</c>, <c>pieces</c> or <c>have</c>.</param>
    public void Answered(string what, int status) =>
        _answers.Add(1, new KeyValuePair<string, object?>("what", what), new KeyValuePair<string, object?>("status", status));

    public void UploadBegins()
    {
        Interlocked.Increment(ref _uploading);
        _uploads.Add(1);
    }

    public void UploadEnds()
    {
        Interlocked.Decrement(ref _uploading);
        _uploads.Add(-1);
    }
}
