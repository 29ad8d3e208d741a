using AptP2P.Neighbours.Lan.Configuration;
using AptP2P.Neighbours.Lan.Listening;

namespace AptP2P.Neighbours.Lan.Announcing;

/// <summary>
/// When this node says on a link that it is there. Without I/O: asked when something is due, and told when something happens.
/// </summary>
internal sealed class Beacon
{
    /// <summary>Between the datagrams of a start: one may be lost, or a bridge not pass it on yet.</summary>
    private static readonly TimeSpan BetweenStarts = TimeSpan.FromSeconds(2);
    private const int Starts = 3;

    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(1); // so that not all answer at once
    private static readonly TimeSpan JustSaid = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Least = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Jitter = TimeSpan.FromSeconds(10);

    private readonly LanOptions _options;
    private readonly Random _random;
    private readonly TimeProvider _time;
    private readonly long _epoch;
    private int _startsLeft = Starts;
    private TimeSpan? _last;
    private TimeSpan? _answer;
    private TimeSpan _next; // at once
    private double _credit;
    private TimeSpan _credited;

    public Beacon(LanOptions options, Random random, TimeProvider time)
    {
        (_options, _random, _time) = (options, random, time);
        (_epoch, _credit) = (time.GetTimestamp(), options.SendsPerMinute);
    }

    /// <summary>How long until something is to be said.</summary>
    public TimeSpan Wait
    {
        get
        {
            var due = _answer < _next ? _answer.Value : _next;
            var wait = due - Now;
            var credit = Credit;
            var poor = credit >= 1 ? TimeSpan.Zero : TimeSpan.FromMinutes((1 - credit) / _options.SendsPerMinute) + TimeSpan.FromTicks(1);
            return wait > poor ? wait : poor;
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_epoch);

    private double Credit
    {
        get
        {
            var now = Now;
            _credit = Math.Min(_options.SendsPerMinute, _credit + ((now - _credited).TotalMinutes * _options.SendsPerMinute));
            _credited = now;
            return _credit;
        }
    }

    /// <summary>Whether something is to be said now; then it counts as said.</summary>
    public bool TryTake()
    {
        if (Wait > TimeSpan.Zero)
        {
            return false;
        }

        var now = Now;
        _credit--;
        (_last, _answer, _startsLeft) = (now, null, Math.Max(0, _startsLeft - 1));
        _next = now + (_startsLeft > 0 ? BetweenStarts : _options.Interval + (Jitter * _random.NextDouble()));
        return true;
    }

    /// <summary>Somebody was heard.</summary>
    public void Hear(Sighting sighting)
    {
        var isNews = sighting == Sighting.New || (sighting == Sighting.Repeated && !(Now - _last < JustSaid));
        if (isNews && _startsLeft == 0) // else it is said within two seconds anyway
        {
            _answer ??= Now + (LongestAnswer * _random.NextDouble());
        }
    }

    /// <summary>The link has come back, or is in another network: nobody there may know this node.</summary>
    public void Restart() => (_startsLeft, _answer, _next) = (Starts, null, Now);

    /// <summary>The machine may have come to another network, though nothing shows it here.</summary>
    public void Change()
    {
        var soonest = _last is { } last && last + Least > Now ? last + Least : Now;
        _next = _next < soonest ? _next : soonest;
    }
}
