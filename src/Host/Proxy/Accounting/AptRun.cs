using System.Globalization;
using System.Net;
using AptP2P.Host.Proxy.Answers;

namespace AptP2P.Host.Proxy.Accounting;

/// <summary>What one client got since it came.</summary>
internal sealed class AptRun : IDisposable
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    private readonly TimeProvider _time;
    private readonly ITimer _end;
    private readonly long _began;
    private long _files, _store, _peers, _mirror, _passed, _stale, _last;

    /// <param name="client">Who.</param>
    /// <param name="time">The clock.</param>
    /// <param name="end">What to do when it has been gone for as long as <see cref="EndAfter"/> says.</param>
    public AptRun(IPAddress client, TimeProvider time, Action<AptRun> end)
    {
        (Client, _time, _began) = (client, time, time.GetTimestamp());
        _last = _began;
        _end = time.CreateTimer(_ => end(this), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public IPAddress Client { get; }

    /// <summary>Connections that it has open. Guarded by <see cref="AptRuns"/>.</summary>
    public int Connections { get; set; }

    public long Files => Interlocked.Read(ref _files);

    public void EndAfter(TimeSpan quiet) => _end.Change(quiet, Timeout.InfiniteTimeSpan);

    public void Add(ServedAnswer answer)
    {
        Interlocked.Increment(ref _files);
        Interlocked.Exchange(ref _last, _time.GetTimestamp());
        switch (answer.From)
        {
            case ServedFrom.Hit:
                Interlocked.Add(ref _store, answer.Bytes);
                break;
            case ServedFrom.Miss:
                Interlocked.Add(ref _passed, answer.Bytes);
                break;
            case ServedFrom.Stale:
                Interlocked.Add(ref _stale, answer.Bytes);
                break;
            default:
                AddFetched(answer);
                break;
        }
    }

    /// <summary>How much, in what time, and from where.</summary>
    public override string ToString()
    {
        (long Bytes, string From)[] parts =
        [
            (_peers, "from peers"), (_mirror, "from the mirror"), (_store, "from the store"), (_passed, "passed through"),
            (_stale, "of old copies"),
        ];
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Size(parts.Sum(part => part.Bytes))} in {_time.GetElapsedTime(_began, Interlocked.Read(ref _last)).TotalSeconds:0.#} s");
        var from = string.Join(", ", parts.Where(part => part.Bytes > 0).Select(part => $"{Size(part.Bytes)} {part.From}"));
        return from.Length > 0 ? $"{text}: {from}" : text;
    }

    public void Dispose() => _end.Dispose();

    /// <summary>
    /// A fetch may serve several clients, and may have had a part of the file from before: each answer has its share of where the fetch's
    /// bytes came from.
    /// </summary>
    private void AddFetched(ServedAnswer answer)
    {
        var fetched = Math.Min(answer.Bytes, answer.OriginBytes + answer.PeerBytes);
        var peers = fetched == 0 ? 0 : (long)(fetched * (answer.PeerBytes / (double)(answer.PeerBytes + answer.OriginBytes)));
        Interlocked.Add(ref _peers, peers);
        Interlocked.Add(ref _mirror, fetched - peers);
        Interlocked.Add(ref _store, answer.Bytes - fetched);
    }

    private static string Size(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 999.5 && unit < Units.Length - 1; unit++)
        {
            value /= 1_000;
        }

        return value.ToString(unit > 0 && value < 9.95 ? "0.0 " : "0 ", CultureInfo.InvariantCulture) + Units[unit];
    }
}
