using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Origins.Mirrors;

/// <summary>
/// What is known of origins, so that not every file finds it out anew: which were in trouble lately, which do not answer at all, and how
/// long each takes to answer. An origin is named by <see cref="Origin.Authority"/>.
/// </summary>
internal sealed class OriginHealth(IOptions<FailoverOptions> options, TimeProvider time)
{
    private const int MaxEntries = 1_000; // origins are named by clients; they must not be able to fill memory

    private const double NewestShare = 0.25; // of the newest measure in the usual one: as in TCP's, one odd answer is no rule

    private readonly ConcurrentDictionary<string, Entry> _entries = new();

    /// <summary>What apt notices of those in trouble.</summary>
    public Outages Outages { get; } = new(time);

    /// <summary>It failed, stalled or trickled.</summary>
    public void WasInTrouble(string authority)
    {
        var entry = Of(authority);
        lock (entry)
        {
            entry.TroubledAt = time.GetTimestamp();
        }
    }

    public bool IsTroubled(string authority) =>
        Read(authority, entry => entry.TroubledAt is { } at && time.GetElapsedTime(at) < options.Value.Avoid);

    /// <summary>How long to wait for its answer where there is something good to give instead.</summary>
    public TimeSpan PatienceFor(string authority) => PatienceFor(authority, options.Value.Patience);

    /// <summary>The same with another time for one that is quick.</summary>
    public TimeSpan PatienceFor(string authority, TimeSpan atLeast)
    {
        var usual = Read(authority, entry => entry.UsualFirstByte) * options.Value.PatienceFactor;
        return usual < atLeast ? atLeast : usual > options.Value.LongestPatience ? options.Value.LongestPatience : usual;
    }

    /// <summary>Whether it does not answer at all: nobody waits for it until it does.</summary>
    public bool IsAway(string authority) => Read(authority, entry => entry.IsSilent);

    /// <summary>It has not answered, or not in the time that there was, or only that it cannot.</summary>
    /// <param name="authority">Who.</param>
    /// <param name="isSilent">It has said nothing; else other files may well be had.</param>
    /// <returns>Whether it was well before.</returns>
    public bool GoesAway(string authority, bool isSilent)
    {
        WasInTrouble(authority);
        var entry = Of(authority);
        lock (entry)
        {
            var wasWell = entry.AwaySince is null;
            entry.AwaySince ??= time.GetTimestamp();
            entry.IsSilent |= isSilent;
            return wasWell;
        }
    }

    /// <summary>Nobody asks it any more, so nobody knows whether it is away.</summary>
    public void Forget(string authority)
    {
        var entry = Of(authority);
        lock (entry)
        {
            (entry.AwaySince, entry.IsSilent) = (null, false);
        }
    }

    /// <summary>
    /// All may be well now. Who was away is so until it answers, so that nothing is said twice; but it is waited for again.
    /// </summary>
    public void Forgive()
    {
        foreach (var entry in _entries.Values)
        {
            lock (entry)
            {
                (entry.TroubledAt, entry.IsSilent) = (null, false);
            }
        }
    }

    /// <summary>How long to leave it alone after so many questions in vain: longer each time.</summary>
    public TimeSpan PauseAfter(int failures)
    {
        var pause = options.Value.FirstRetry * Math.Pow(2, Math.Min(failures, 30) - 1);
        return pause < options.Value.LongestRetry ? pause : options.Value.LongestRetry;
    }

    /// <summary>It has answered, and is not away.</summary>
    /// <param name="authority">Who.</param>
    /// <param name="firstByte">How long that took.</param>
    /// <returns>For how long it had been away, if it was.</returns>
    public TimeSpan? Answered(string authority, TimeSpan firstByte)
    {
        Outages.End(authority);
        var entry = Of(authority);
        lock (entry)
        {
            entry.UsualFirstByte = entry.HasAnswered ? (entry.UsualFirstByte * (1 - NewestShare)) + (firstByte * NewestShare) : firstByte;
            entry.HasAnswered = true;
            TimeSpan? away = entry.AwaySince is { } since ? time.GetElapsedTime(since) : null;
            (entry.AwaySince, entry.IsSilent) = (null, false);
            return away;
        }
    }

    private T Read<T>(string authority, Func<Entry, T> read)
        where T : struct
    {
        if (!_entries.TryGetValue(authority, out var entry))
        {
            return default;
        }

        lock (entry)
        {
            return read(entry);
        }
    }

    private Entry Of(string authority)
    {
        if (_entries.Count >= MaxEntries && !_entries.ContainsKey(authority))
        {
            _entries.Clear(); // at worst, it is found out once more
        }

        return _entries.GetOrAdd(authority, _ => new Entry());
    }

    private sealed class Entry
    {
        public long? TroubledAt { get; set; }

        public long? AwaySince { get; set; }

        public bool IsSilent { get; set; }

        public bool HasAnswered { get; set; }

        public TimeSpan UsualFirstByte { get; set; }
    }
}
