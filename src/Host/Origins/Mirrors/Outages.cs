namespace AptP2P.Host.Origins.Mirrors;

/// <summary>
/// What apt notices of origins in trouble, for people: it gets old copies in their place, or errors. An outage ends when the origin
/// answers, or when nobody has noticed it for a while.
/// </summary>
internal sealed class Outages(TimeProvider time)
{
    /// <summary>After how long without a request an outage is history: nobody knows any more whether it goes on.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);

    private const int MaxOrigins = 100; // clients name them; a machine has some five

    private readonly Dictionary<string, Outage> _outages = [];
    private readonly Lock _lock = new();

    /// <summary>Those that go on, the longest first.</summary>
    public IReadOnlyList<Outage> Current
    {
        get
        {
            lock (_lock)
            {
                Forget();
                return [.. _outages.Values.OrderBy(outage => outage.NoticedFirst)];
            }
        }
    }

    /// <summary>apt got an old copy, since the origin does not answer.</summary>
    public void CopyGiven(string authority) => Notice(authority, outage => outage with { Copies = outage.Copies + 1 });

    /// <summary>apt got an error, since the origin gave nothing better.</summary>
    public void ErrorGiven(string authority) => Notice(authority, outage => outage with { Errors = outage.Errors + 1 });

    /// <summary>It has answered.</summary>
    public void End(string authority)
    {
        lock (_lock)
        {
            _outages.Remove(authority);
        }
    }

    private void Notice(string authority, Func<Outage, Outage> change)
    {
        lock (_lock)
        {
            Forget();
            if (_outages.Count < MaxOrigins || _outages.ContainsKey(authority))
            {
                var now = time.GetTimestamp();
                var outage = _outages.GetValueOrDefault(authority) ?? new Outage(authority, time.GetUtcNow(), now, now, 0, 0);
                _outages[authority] = change(outage) with { NoticedLast = now };
            }
        }
    }

    private void Forget()
    {
        foreach (var old in _outages.Values.Where(outage => time.GetElapsedTime(outage.NoticedLast) >= Memory).ToArray())
        {
            _outages.Remove(old.Origin);
        }
    }
}

/// <summary>An origin that does not answer, as apt notices it.</summary>
/// <param name="Origin">Who.</param>
/// <param name="Since">When it was noticed first.</param>
/// <param name="NoticedFirst">The same as a timestamp.</param>
/// <param name="NoticedLast">When it was noticed last (a timestamp).</param>
/// <param name="Copies">How many old copies were given in its place.</param>
/// <param name="Errors">How many errors were given in its place.</param>
internal sealed record Outage(string Origin, DateTimeOffset Since, long NoticedFirst, long NoticedLast, int Copies, int Errors);
