using System.Diagnostics.Metrics;
using AptP2P.Host.Telemetry;

namespace AptP2P.Host.Fetching.Channels;

/// <summary>What fetching does, for OpenTelemetry and for the status page.</summary>
internal sealed class FetchMetrics
{
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _wrong;
    private readonly Histogram<double> _duration;
    private readonly UpDownCounter<int> _running;
    private long _originBytes, _peerBytes, _localBytes, _completed, _failed;

    public FetchMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(HostMeter.Name);
        _bytes = meter.CreateCounter<long>("aptp2p.fetch.bytes", "By", "Bytes received, by source");
        _wrong = meter.CreateCounter<long>(
            "aptp2p.fetch.verification.failures", "{failure}", "Pieces, lists and files that turned out wrong, by who gave them");
        _duration = meter.CreateHistogram(
            "aptp2p.fetch.duration", "s", "From the first request for a content to its last byte, by outcome", tags: null, Durations.Work);
        _running = meter.CreateUpDownCounter<int>("aptp2p.fetch.running", "{fetch}", "Fetches under way");
    }

    public long OriginBytes => Interlocked.Read(ref _originBytes);

    public long PeerBytes => Interlocked.Read(ref _peerBytes);

    /// <summary>From copies at hand, which spare the mirror and are no work of peers.</summary>
    public long LocalBytes => Interlocked.Read(ref _localBytes);

    public long Completed => Interlocked.Read(ref _completed);

    public long Failed => Interlocked.Read(ref _failed);

    public void Received(ISource source, int bytes)
    {
        switch (source.Role)
        {
            case SourceRole.Peers:
                Interlocked.Add(ref _peerBytes, bytes);
                break;
            case SourceRole.Local:
                Interlocked.Add(ref _localBytes, bytes);
                break;
            default:
                Interlocked.Add(ref _originBytes, bytes);
                break;
        }

        _bytes.Add(bytes, new KeyValuePair<string, object?>("aptp2p.source", source.Name));
    }

    /// <summary>What a source has given is wrong, as the hash of the whole shows.</summary>
    public void GaveWrong(ISource source) => _wrong.Add(1, new KeyValuePair<string, object?>("aptp2p.source", source.Name));

    public void Began() => _running.Add(1);

    public void Ended(bool complete, TimeSpan duration)
    {
        Interlocked.Increment(ref (complete ? ref _completed : ref _failed));
        _running.Add(-1);
        _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("aptp2p.outcome", complete ? "complete" : "failed"));
    }
}
