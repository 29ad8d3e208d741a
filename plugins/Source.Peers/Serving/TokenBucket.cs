namespace AptP2P.Source.Peers.Serving;

/// <summary>
/// So many bytes per second, with a quarter of a second's worth at once. Taking may go into debt: a portion is given whole, and the next one
/// waits for longer.
/// </summary>
/// <param name="perSecond">The rate now; it may change. 0 is no limit.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBucket(Func<long> perSecond, TimeProvider time)
{
    private const double Burst = 0.25; // seconds

    private double _credit = perSecond() * Burst;
    private long _filledAt = time.GetTimestamp();

    public bool IsUnlimited => perSecond() == 0;

    /// <summary>Whether a portion can be taken now.</summary>
    public bool IsOpen => IsUnlimited || Filled() > 0;

    /// <summary>Whether it is as if nothing had ever been taken.</summary>
    public bool IsFull => IsUnlimited || Filled() >= perSecond() * Burst;

    /// <summary>How long until <see cref="IsOpen"/>.</summary>
    public TimeSpan Wait => IsOpen ? TimeSpan.Zero : TimeSpan.FromTicks((long)Math.Ceiling(-_credit / perSecond() * TimeSpan.TicksPerSecond) + 1);

    public void Take(int bytes)
    {
        if (!IsUnlimited)
        {
            _credit = Filled() - bytes;
        }
    }

    private double Filled()
    {
        var now = time.GetTimestamp();
        var rate = perSecond();
        _credit = Math.Min(rate * Burst, _credit + (time.GetElapsedTime(_filledAt, now).TotalSeconds * rate));
        _filledAt = now;
        return _credit;
    }
}
