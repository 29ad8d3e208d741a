using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using AptP2P.Host.Proxy.Runs;

namespace AptP2P.Host.Proxy;

/// <summary>What apt was given, for OpenTelemetry and for the status page.</summary>
internal sealed class ProxyMetrics
{
    private const int RecentKept = 50; // rows of the status page

    private readonly Counter<long> _answers;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _tunnels;
    private readonly Counter<long> _closed;
    private readonly Histogram<double> _firstByte;
    private readonly long[] _bytesBySource = new long[Enum.GetValues<ServedFrom>().Length];
    private readonly long[] _answersBySource = new long[Enum.GetValues<ServedFrom>().Length];
    private readonly Queue<Answer> _recent = new();
    private readonly Lock _lock = new();

    public ProxyMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(Fetching.Channels.FetchMetrics.MeterName);
        _answers = meter.CreateCounter<long>("aptp2p.proxy.answers", "{answer}", "Answers to apt, by where they came from");
        _bytes = meter.CreateCounter<long>("aptp2p.proxy.bytes", "By", "Bytes given to apt, by where they came from");
        _tunnels = meter.CreateCounter<long>("aptp2p.proxy.tunnels", "{tunnel}", "CONNECT requests, by whether a tunnel was opened");
        _closed = meter.CreateCounter<long>(
            "aptp2p.proxy.connections_closed", "{connection}",
            "Connections refused, or closed for others' sake, by the limit: address, strangers, all, silent");
        _firstByte = meter.CreateHistogram<double>("aptp2p.proxy.first_byte", "s", "From a request to the first byte of its answer");
    }

    /// <summary>An answer that was given.</summary>
    internal sealed record Answer(DateTimeOffset Time, string File, ServedFrom From, long Bytes, long OriginBytes, long PeerBytes);

    public long BytesFrom(ServedFrom from) => Interlocked.Read(ref _bytesBySource[(int)from]);

    public long AnswersFrom(ServedFrom from) => Interlocked.Read(ref _answersBySource[(int)from]);

    public ImmutableArray<Answer> Recent
    {
        get
        {
            lock (_lock)
            {
                return [.. _recent.Reverse()];
            }
        }
    }

    public void TunnelOpened() => _tunnels.Add(1, new KeyValuePair<string, object?>("opened", true));

    public void TunnelRefused() => _tunnels.Add(1, new KeyValuePair<string, object?>("opened", false));

    /// <summary>A connection was refused, or closed for others' sake.</summary>
    public void ConnectionClosed(string limit) => _closed.Add(1, new KeyValuePair<string, object?>("limit", limit));

    public void FirstByte(TimeSpan after) => _firstByte.Record(after.TotalSeconds);

    /// <summary>Takes note of an answer.</summary>
    /// <param name="context">Of which request.</param>
    /// <param name="answer">What was given.</param>
    public void Answered(HttpContext context, Answer answer)
    {
        context.Features.Get<Visit>()?.Add(answer);
        var tag = answer.From.ToTag();
        _answers.Add(1, tag);
        _bytes.Add(answer.Bytes, tag);
        Interlocked.Add(ref _bytesBySource[(int)answer.From], answer.Bytes);
        Interlocked.Increment(ref _answersBySource[(int)answer.From]);
        lock (_lock)
        {
            _recent.Enqueue(answer);
            if (_recent.Count > RecentKept)
            {
                _recent.Dequeue();
            }
        }
    }
}
