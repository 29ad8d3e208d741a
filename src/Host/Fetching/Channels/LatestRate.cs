namespace AptP2P.Host.Fetching.Channels;

/// <summary>
/// How fast a channel is now: what came during its last stretch of work that was long enough to tell. Time in which it had nothing to do
/// does not count.
/// </summary>
internal sealed class LatestRate(TimeProvider time, TimeSpan stretch)
{
    private readonly Lock _lock = new();
    private long _since = time.GetTimestamp(); // the start of the stretch, moved on by the idle time in it
    private long? _idleSince = time.GetTimestamp();
    private long _bytes;
    private double _last;

    /// <summary>Bytes per second; 0 while unknown.</summary>
    public double Current
    {
        get
        {
            lock (_lock)
            {
                return Measure(_idleSince ?? time.GetTimestamp()) ?? _last;
            }
        }
    }

    /// <summary>The channel has something to do from now on.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _since += now - (_idleSince ?? now);
            _idleSince = null;
        }
    }

    public void Add(int bytes)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _bytes += bytes;
            if (Measure(now) is { } rate)
            {
                (_last, _bytes, _since) = (rate, 0, now);
            }
        }
    }

    /// <summary>The channel has nothing to do.</summary>
    public void End()
    {
        lock (_lock)
        {
            _idleSince ??= time.GetTimestamp();
        }
    }

    private double? Measure(long now)
    {
        var elapsed = time.GetElapsedTime(_since, now);
        return elapsed >= stretch ? _bytes / elapsed.TotalSeconds : null;
    }
}
