using System.Globalization;
using System.Net;
using AptP2P.Host.Catalog.Identifying;
using AptP2P.Host.Proxy.Answers;
using AptP2P.Shared;

namespace AptP2P.Host.Proxy.Accounting;

/// <summary>What one client got since it came.</summary>
internal sealed class AptRun : IDisposable
{
    /// <summary>How many peers of a run are told apart; more than that is as many to whoever reads it.</summary>
    private const int MaxGivers = 1_000;

    private readonly TimeProvider _time;
    private readonly ITimer _end;
    private readonly long _began;
    private readonly DateTimeOffset _beganAt;
    private readonly HashSet<string> _givers = [];
    private bool _hasMetadata, _hasPackages;
    private long _files, _store, _peers, _mirror, _local, _passed, _stale, _last;

    /// <param name="number">Its number.</param>
    /// <param name="client">Who.</param>
    /// <param name="time">The clock.</param>
    /// <param name="end">What to do when it has been gone for as long as <see cref="EndAfter"/> says.</param>
    public AptRun(long number, IPAddress client, TimeProvider time, Action<AptRun> end)
    {
        (Number, Client, _time, _began, _beganAt) = (number, client, time, time.GetTimestamp(), time.GetUtcNow());
        _last = _began;
        _end = time.CreateTimer(_ => end(this), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public long Number { get; }

    public IPAddress Client { get; }

    /// <summary>Connections that it has open. Guarded by <see cref="AptRuns"/>.</summary>
    public int Connections { get; set; }

    public long Files => Interlocked.Read(ref _files);

    public void EndAfter(TimeSpan quiet) => _end.Change(quiet, Timeout.InfiniteTimeSpan);

    /// <param name="answer">What the client got.</param>
    /// <param name="givers">The names of the peers that gave something of it.</param>
    public void Add(ServedAnswer answer, IReadOnlyCollection<string> givers)
    {
        Note(answer, givers);
        Interlocked.Increment(ref _files);
        Interlocked.Exchange(ref _last, _time.GetTimestamp());
        switch (answer.From)
        {
            case ServedFrom.Miss:
                Interlocked.Add(ref _passed, answer.Bytes);
                break;
            case ServedFrom.Stale:
                Interlocked.Add(ref _stale, answer.Bytes);
                break;
            default:
                Interlocked.Add(ref _peers, answer.FromPeers);
                Interlocked.Add(ref _mirror, answer.FromMirror);
                Interlocked.Add(ref (answer.From == ServedFrom.Local ? ref _local : ref _store), answer.FromStore);
                break;
        }
    }

    /// <summary>The same for the status page.</summary>
    public AptRunSummary Summarize(bool isActive)
    {
        lock (_givers)
        {
            return new(
                Number, _beganAt, Client, _hasMetadata && _hasPackages ? "both" : _hasMetadata ? "update" : "packages", Files,
                _time.GetElapsedTime(_began, Interlocked.Read(ref _last)).TotalSeconds,
                Interlocked.Read(ref _store) + Interlocked.Read(ref _local) + Interlocked.Read(ref _stale), Interlocked.Read(ref _peers),
                Interlocked.Read(ref _mirror) + Interlocked.Read(ref _passed), _givers.Count, isActive);
        }
    }

    /// <summary>How much, in what time, and from where.</summary>
    public override string ToString()
    {
        (long Bytes, string From)[] parts =
        [
            (_peers, "from peers"), (_mirror, "from the mirror"), (_local, "from local copies"), (_store, "from the store"),
            (_passed, "passed through"), (_stale, "of old copies"),
        ];
        var took = _time.GetElapsedTime(_began, Interlocked.Read(ref _last)).TotalSeconds;
        var text = string.Create(CultureInfo.InvariantCulture, $"{ReadableSize.Of(parts.Sum(part => part.Bytes))} in {took:0.#} s");
        var from = string.Join(", ", parts.Where(part => part.Bytes > 0).Select(part => $"{ReadableSize.Of(part.Bytes)} {part.From}"));
        return from.Length > 0 ? $"{text}: {from}" : text;
    }

    public void Dispose() => _end.Dispose();

    private void Note(ServedAnswer answer, IReadOnlyCollection<string> givers)
    {
        var isMetadata = answer.Origin is { } origin && ArchiveCatalog.IsAboutArchive(origin);
        lock (_givers)
        {
            _hasMetadata |= isMetadata;
            _hasPackages |= !isMetadata;
            _givers.UnionWith(givers.Take(MaxGivers - _givers.Count));
        }
    }
}
