namespace AptP2P.Source.Peers.Reputation;

/// <summary>One entry of <see cref="Pauses{TKey}"/>.</summary>
/// <param name="Count">How often it was added.</param>
/// <param name="Until">When it may be tried again.</param>
/// <param name="Why">What it did, where that is known.</param>
internal readonly record struct Pause<TKey>(TKey Key, int Count, DateTimeOffset Until, string? Why = null);

/// <summary>
/// Keeps away from things for a time that grows four-fold with each repetition. Bounded: the pause that ends first is forgotten first.
/// </summary>
internal sealed class Pauses<TKey>(TimeSpan first, TimeSpan longest, int capacity, TimeProvider time) where TKey : notnull
{
    private const int Growth = 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, Pause<TKey>> _pauses = [];

    public IReadOnlyList<Pause<TKey>> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _pauses.Values];
            }
        }
    }

    /// <summary>Those that have not ended, the one that ends last first.</summary>
    public IReadOnlyList<Pause<TKey>> Running =>
        [.. Entries.Where(pause => pause.Until > time.GetUtcNow()).OrderByDescending(pause => pause.Until)];

    public bool IsPaused(TKey key)
    {
        lock (_lock)
        {
            return _pauses.TryGetValue(key, out var pause) && pause.Until > time.GetUtcNow();
        }
    }

    /// <summary>
    /// Begins a pause and returns its length. While one runs, it is not made longer: many reads can fail for one reason.
    /// </summary>
    /// <param name="key">What is kept away from.</param>
    /// <param name="why">What it did.</param>
    public TimeSpan Add(TKey key, string? why = null)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            var before = _pauses.GetValueOrDefault(key);
            if (before.Until > now)
            {
                return before.Until - now;
            }

            var count = before.Until + longest > now ? before.Count + 1 : 1; // who has done nothing wrong for long starts anew
            var length = TimeSpan.FromTicks((long)Math.Min(longest.Ticks, first.Ticks * Math.Pow(Growth, count - 1)));
            MakeRoom(key);
            _pauses[key] = new Pause<TKey>(key, count, now + length, why);
            return length;
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _pauses.Clear();
        }
    }

    public void Remove(TKey key)
    {
        lock (_lock)
        {
            _pauses.Remove(key);
        }
    }

    /// <summary>Takes over a pause of an earlier run, for no longer than one can last.</summary>
    public void Restore(Pause<TKey> pause)
    {
        var latest = time.GetUtcNow() + longest;
        pause = pause.Until > latest ? pause with { Until = latest } : pause;
        lock (_lock)
        {
            MakeRoom(pause.Key);
            _pauses[pause.Key] = pause;
        }
    }

    private void MakeRoom(TKey key)
    {
        if (_pauses.Count >= capacity && !_pauses.ContainsKey(key))
        {
            _pauses.Remove(_pauses.MinBy(pause => pause.Value.Until).Key);
        }
    }
}
