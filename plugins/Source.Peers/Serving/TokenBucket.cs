namespace AptP2P.Source.Peers.Serving;

/// <summary>
/// So many bytes (or other things) per second, with some time's worth at once. Taking may go into debt: a portion is given whole, and the
/// next one waits for longer.
/// </summary>
/// <param name="perSecond">The rate now; it may change. 0 is no limit.</param>
/// <param name="time">The clock.</param>
/// <param name="burst">How many seconds' worth can be had at once.</param>
internal sealed class TokenBucket(Func<long> perSecond, TimeProvider time, double burst = 0.25)
{
    private double _credit = perSecond() * burst;
    private long _filledAt = time.GetTimestamp();

    public bool IsUnlimited => perSecond() == 0;

    /// <summary>Whether a portion can be taken now.</summary>
    public bool IsOpen => IsUnlimited || Filled() > 0;

    /// <summary>What can be had now; less than nothing is a debt.</summary>
    public double Credit => Filled();

    /// <summary>Whether it is as if nothing had ever been taken.</summary>
    public bool IsFull => IsUnlimited || Filled() >= perSecond() * burst;

    /// <summary>How long until <see cref="IsOpen"/>.</summary>
    public TimeSpan Wait =>
        IsOpen ? TimeSpan.Zero : TimeSpan.FromTicks((long)Math.Ceiling(-_credit / perSecond() * TimeSpan.TicksPerSecond) + 1);

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
        _credit = Math.Min(rate * burst, _credit + (time.GetElapsedTime(_filledAt, now).TotalSeconds * rate));
        _filledAt = now;
        return _credit;
    }
}
