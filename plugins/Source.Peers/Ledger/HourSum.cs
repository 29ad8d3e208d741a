namespace AptP2P.Source.Peers.Ledger;

/// <summary>A sum over the last hour, in twelve parts of which the oldest is dropped. Not for more than one thread at a time.</summary>
internal sealed class HourSum(TimeProvider time)
{
    private const int Parts = 12;
    private static readonly TimeSpan Part = TimeSpan.FromHours(1) / Parts;

    private readonly long[] _sums = new long[Parts];
    private readonly long _start = time.GetTimestamp();
    private long _current;

    public long Total
    {
        get
        {
            Advance();
            return _sums.Sum();
        }
    }

    public void Add(long amount)
    {
        Advance();
        _sums[_current % Parts] += amount;
    }

    private void Advance()
    {
        var now = time.GetElapsedTime(_start).Ticks / Part.Ticks;
        for (_current = Math.Max(_current, now - Parts); _current < now;)
        {
            _sums[++_current % Parts] = 0;
        }
    }
}
