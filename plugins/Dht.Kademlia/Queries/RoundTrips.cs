using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Queries;

/// <summary>
/// How long answers have taken lately, as a histogram that forgets. It says when a query has stalled: after max(p10 + 100 ms, p90). A fixed
/// time would be too long for a LAN and too short for a slow line; and what makes look-ups slow is to wait for dead nodes.
/// </summary>
internal sealed class RoundTrips(KademliaOptions options)
{
    private const int Buckets = 80;
    private const int Window = 256; // after so many samples, all earlier ones count half
    private const int Recompute = 16;
    private const int Enough = 8;
    private static readonly double Step = Math.Pow(10_000, 1.0 / Buckets); // 1 ms to 10 s
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(100);

    private readonly float[] _counts = new float[Buckets];
    private float _total;
    private int _sinceComputed;
    private int _seen;

    /// <summary>How long after it was sent a query counts as stalled.</summary>
    public TimeSpan Stall { get; private set; } = options.StallUnknown;

    public void Add(TimeSpan roundTrip)
    {
        var milliseconds = Math.Max(1, roundTrip.TotalMilliseconds);
        _counts[Math.Min(Buckets - 1, (int)(Math.Log(milliseconds) / Math.Log(Step)))]++;
        _total++;
        _seen = Math.Min(_seen + 1, Window);
        if (_total > Window)
        {
            Forget();
        }

        if (++_sinceComputed >= Recompute || _seen is >= Enough and < 2 * Recompute)
        {
            Compute();
        }
    }

    private void Forget()
    {
        for (var i = 0; i < Buckets; i++)
        {
            _counts[i] /= 2;
        }

        _total /= 2;
    }

    private void Compute()
    {
        _sinceComputed = 0;
        if (_seen < Enough)
        {
            return;
        }

        var slow = Percentile(0.9f);
        var fast = Percentile(0.1f) + Margin;
        var stall = slow > fast ? slow : fast;
        Stall = stall < options.StallMin ? options.StallMin : stall > options.StallMax ? options.StallMax : stall;
    }

    private TimeSpan Percentile(float share)
    {
        var wanted = share * _total;
        var i = 0;
        for (var sum = _counts[0]; sum < wanted && i < Buckets - 1; sum += _counts[i])
        {
            i++;
        }

        return TimeSpan.FromMilliseconds(Math.Pow(Step, i + 1)); // the upper edge of the bucket
    }
}
