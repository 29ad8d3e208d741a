using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using AptP2P.Host.Proxy.Answers;
using AptP2P.Host.Sending;
using AptP2P.Host.Telemetry;

namespace AptP2P.Host.Proxy.Accounting;

/// <summary>What apt was given, for OpenTelemetry and for the status page.</summary>
internal sealed class AnswerMetrics
{
    private const int RecentKept = 200; // rows of the status page

    private readonly TimeProvider _time;
    private readonly Counter<long> _answers;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _saved;
    private readonly Histogram<double> _firstByte;
    private readonly Action<TimeSpan> _firstByteLeft;
    private readonly long[] _bytesBySource = new long[Enum.GetValues<ServedFrom>().Length];
    private readonly Action<long>[] _sending;
    private readonly long[] _answersBySource = new long[Enum.GetValues<ServedFrom>().Length];
    private readonly Queue<ServedAnswer> _recent = new();
    private readonly Lock _lock = new();

    public AnswerMetrics(IMeterFactory meters, TimeProvider time)
    {
        var meter = meters.Create(HostMeter.Name);
        _time = time;
        _answers = meter.CreateCounter<long>("aptp2p.proxy.answers", "{answer}", "Answers to apt, by where they came from");
        _bytes = meter.CreateCounter<long>("aptp2p.proxy.bytes", "By", "Bytes given to apt, by where they came from");
        _saved = meter.CreateCounter<long>(
            "aptp2p.proxy.saved", "By", "Bytes given to apt that no mirror had to send, by where they came from instead");
        _firstByte = meter.CreateHistogram(
            "aptp2p.proxy.first_byte.duration", "s", "From a request to the first byte of its answer", tags: null, Durations.FirstByte);
        _sending = [.. Enum.GetValues<ServedFrom>().Select(from => (Action<long>)(bytes => Sent(from, bytes)))];
        _firstByteLeft = after => _firstByte.Record(after.TotalSeconds);
    }

    public long BytesFrom(ServedFrom from) => Interlocked.Read(ref _bytesBySource[(int)from]);

    public long AnswersFrom(ServedFrom from) => Interlocked.Read(ref _answersBySource[(int)from]);

    /// <summary>The last answers, the newest first.</summary>
    public ImmutableArray<ServedAnswer> Recent
    {
        get
        {
            lock (_lock)
            {
                return [.. _recent.Reverse()];
            }
        }
    }

    /// <summary>A request has its turn: the time to the first byte of its answer begins, if anybody measures it.</summary>
    public void Begins(HttpContext context)
    {
        if (_firstByte.Enabled)
        {
            context.Features.Get<SocketOutput>()?.TimeNextByte(_firstByteLeft);
        }
    }

    /// <summary>What counts the bytes of an answer while it is sent.</summary>
    public Action<long> Sending(ServedFrom from) => _sending[(int)from];

    /// <summary>Counts an answer, whose bytes have been counted as they left.</summary>
    /// <param name="context">The request.</param>
    /// <param name="from">Where its bytes came from.</param>
    /// <param name="bytes">How many the client got.</param>
    /// <param name="originBytes">How many were got for it from the origin.</param>
    /// <param name="peerBytes">How many were got for it from peers.</param>
    /// <param name="givers">The names of those peers.</param>
    public void Answered(
        HttpContext context, ServedFrom from, long bytes, long originBytes = 0, long peerBytes = 0,
        IReadOnlyCollection<string>? givers = null)
    {
        var visit = context.Features.Get<Visit>();
        var answer = new ServedAnswer(
            _time.GetUtcNow(), ServedAnswer.FileName(context.Request), from, bytes, originBytes, peerBytes)
        {
            Origin = visit?.Origin,
            Run = visit?.Run,
        };
        visit?.Add(answer, givers ?? []);
        var tag = from.ToTag();
        Activity.Current?.SetTag(tag.Key, tag.Value);
        _answers.Add(1, tag);
        _saved.Add(answer.FromStore, new KeyValuePair<string, object?>("aptp2p.source", "store"));
        _saved.Add(answer.FromPeers, new KeyValuePair<string, object?>("aptp2p.source", "peers"));
        Interlocked.Increment(ref _answersBySource[(int)from]);
        lock (_lock)
        {
            _recent.Enqueue(answer);
            if (_recent.Count > RecentKept)
            {
                _recent.Dequeue();
            }
        }
    }

    private void Sent(ServedFrom from, long bytes)
    {
        _bytes.Add(bytes, from.ToTag());
        Interlocked.Add(ref _bytesBySource[(int)from], bytes);
    }
}
