namespace AptP2P.Host.Fetching.Channels;

/// <summary>
/// What one host gives, over all fetches that read from it: bytes per second while at least one body comes, and how long it takes to begin.
/// The wait before a body is no part of its rate, so that a short read says as much of a line as a long one.
/// </summary>
internal sealed class Speed(ChannelOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private int _bodies; // that come now
    private long _since; // when the first of those began
    private TimeSpan _busy; // with earlier ones, since the last measurement
    private long _bytes;
    private double _rate;
    private double _firstByte; // seconds
    private long? _measured; // when it last was (a timestamp)

    /// <summary>Bytes per second; 0 while unknown, or after it was not measured for long.</summary>
    public double Rate
    {
        get
        {
            lock (_lock)
            {
                Measure(time.GetTimestamp(), isEnd: false);
                return IsForgotten ? 0 : _rate;
            }
        }
    }

    /// <summary>How long the first byte of a body took lately; 0 while unknown.</summary>
    public TimeSpan FirstByte
    {
        get
        {
            lock (_lock)
            {
                return TimeSpan.FromSeconds(_firstByte);
            }
        }
    }

    /// <summary>Whether it says nothing of today's network any more.</summary>
    public bool IsForgotten => _measured is not { } at || time.GetElapsedTime(at) >= options.SpeedMemory;

    /// <summary>
    /// The first bytes of a body are there, after this wait. How long they were on their way is not known, so they do not count.
    /// </summary>
    public void Begin(TimeSpan wait)
    {
        lock (_lock)
        {
            _firstByte = Blend(_firstByte, wait.TotalSeconds);
            if (_bodies++ == 0)
            {
                _since = time.GetTimestamp();
            }
        }
    }

    public void Add(int bytes)
    {
        lock (_lock)
        {
            _bytes += bytes;
            Measure(time.GetTimestamp(), isEnd: false);
        }
    }

    /// <summary>A body that began has ended.</summary>
    public void End()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            Measure(now, isEnd: true);
            if (--_bodies == 0)
            {
                _busy += time.GetElapsedTime(_since, now);
            }
        }
    }

    private void Measure(long now, bool isEnd)
    {
        var busy = _busy + (_bodies > 0 ? time.GetElapsedTime(_since, now) : TimeSpan.Zero);
        if (busy > TimeSpan.Zero && (busy >= options.SpeedTime || (isEnd && _bytes >= options.SpeedBytes.Bytes)))
        {
            _rate = Blend(IsForgotten ? 0 : _rate, _bytes / busy.TotalSeconds);
            (_bytes, _busy, _since, _measured) = (0, TimeSpan.Zero, now, now);
        }
    }

    private double Blend(double before, double now) =>
        before == 0 ? now : (options.NewestShare * now) + ((1 - options.NewestShare) * before);
}
