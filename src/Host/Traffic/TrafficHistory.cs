using System.Collections.Immutable;

namespace AptP2P.Host.Traffic;

/// <summary>
/// What took which way over time: today, in this run and in all, and as rates. It only knows what it looks at, so it is looked at once a
/// minute, and whenever somebody wants to see it. What came between two looks belongs to the step
/// of the first.
/// </summary>
internal sealed class TrafficHistory
{
    /// <summary>
    /// How far clock and running time may differ between two looks. Beyond it the machine slept or its clock was set: nothing is known of
    /// the steps between.
    /// </summary>
    private static readonly TimeSpan Leap = TimeSpan.FromSeconds(5);

    // Kept is more than is shown: today may have 25 hours, and begins where a step may not.
    private readonly TrafficRing _quarters = new("day", "Day", TimeSpan.FromMinutes(15), shown: 96, places: 104);
    private readonly ImmutableArray<TrafficRing> _rings;
    private readonly TrafficReading _read;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private TrafficCount _before; // in earlier runs
    private TrafficCount _session;
    private TrafficCount _kept; // of the session, in the database
    private DateTimeOffset _since;
    private DateTimeOffset _looked;
    private long _lookedAt;

    public TrafficHistory(TrafficReading read, TimeProvider time)
    {
        (_read, _time) = (read, time);
        _rings =
        [
            new("hour", "Hour", TimeSpan.FromMinutes(1), shown: 60, places: 64),
            _quarters,
            new("month", "Month", TimeSpan.FromHours(6), shown: 120, places: 128),
        ];
        (_looked, _lookedAt) = (time.GetUtcNow(), time.GetTimestamp());
        _since = _looked;
    }

    /// <summary>Whether anything has come that <see cref="Take"/> has not given away.</summary>
    public bool HasNews
    {
        get
        {
            lock (_lock)
            {
                return _session != _kept;
            }
        }
    }

    /// <summary>Notes what has come since the last time.</summary>
    public void Look()
    {
        lock (_lock)
        {
            LookNow();
        }
    }

    /// <summary>All of it, up to this moment.</summary>
    public TrafficView Read()
    {
        lock (_lock)
        {
            var now = LookNow();
            return new(
                Today: _quarters.Sum(LocalDay.BeginOf(now, _time.LocalTimeZone), now), All: _before + _session, _session, _since,
                [.. _rings.Select(ring => ring.Read(now))]);
        }
    }

    /// <summary>Takes in what earlier runs have left, after whatever has come in this one.</summary>
    public void Restore(TrafficRecord record)
    {
        lock (_lock)
        {
            _before += record.Total;
            _since = record.Since < _since ? record.Since : _since;
            foreach (var (key, place, step) in record.Steps)
            {
                _rings.FirstOrDefault(ring => ring.Key == key)?.Restore(place, step);
            }
        }
    }

    /// <summary>What has changed since the last time, to be kept.</summary>
    public TrafficRecord Take()
    {
        lock (_lock)
        {
            LookNow();
            _kept = _session;
            return new(
                _since, _before + _session,
                [.. _rings.SelectMany(ring => ring.TakeChanged().Select(changed => (ring.Key, changed.Place, changed.Step)))]);
        }
    }

    /// <summary>What was taken could not be kept: all of it is given again.</summary>
    public void TakeBack()
    {
        lock (_lock)
        {
            _kept = default;
            foreach (var ring in _rings)
            {
                ring.ChangeAll();
            }
        }
    }

    private DateTimeOffset LookNow()
    {
        var (now, at, session) = (_time.GetUtcNow(), _time.GetTimestamp(), _read());
        var isSteady = (now - _looked - _time.GetElapsedTime(_lookedAt, at)).Duration() < Leap;
        var from = isSteady ? _looked : now; // a machine that wakes begins to fetch
        foreach (var ring in _rings)
        {
            ring.Add(from, session - _session);
            ring.Touch(from, now);
        }

        (_session, _looked, _lookedAt) = (session, now, at);
        return now;
    }
}
