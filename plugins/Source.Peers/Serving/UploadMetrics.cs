using System.Diagnostics.Metrics;
using AptP2P.Source.Peers.Traffic;

namespace AptP2P.Source.Peers.Serving;

/// <summary>What goes to peers: counts for OpenTelemetry, and totals for the status page.</summary>
internal sealed class UploadMetrics
{
    private readonly Counter<long> _sent;
    private readonly Counter<long> _answers;
    private readonly UpDownCounter<int> _uploads;
    private long _bytesSent;
    private int _uploading;

    public UploadMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(PeersTraffic.Meter);
        _sent = PeersTraffic.Create(factory);
        _answers = meter.CreateCounter<long>("aptp2p.peer.answers", "{answer}", "Answers to peers, by what was asked for and status");
        _uploads = meter.CreateUpDownCounter<int>("aptp2p.peer.upload.count", "{upload}", "Answers to peers that run now");
    }

    /// <summary>Since the start.</summary>
    public long BytesSent => Interlocked.Read(ref _bytesSent);

    /// <summary>Answers that run now.</summary>
    public int Uploading => Volatile.Read(ref _uploading);

    public void Sent(int bytes)
    {
        Interlocked.Add(ref _bytesSent, bytes);
        _sent.Add(bytes, PeersTraffic.Transmit);
    }

    /// <param name="what"><c>content</c>, <c>pieces</c> or <c>have</c>.</param>
    /// <param name="status">The answer's.</param>
    public void Answered(string what, int status) =>
        _answers.Add(
            1,
            new KeyValuePair<string, object?>("aptp2p.kind", what),
            new KeyValuePair<string, object?>("http.response.status_code", status));

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
