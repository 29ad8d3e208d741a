namespace AptP2P.Host.Storage.Space;

/// <summary>
/// What the stored contents are, for people. To know it, the whole catalog is read, so that is done in the background, only while somebody
/// looks, and only when the store has changed.
/// </summary>
internal sealed class StoreParts(Inventory inventory, ContentKinds kinds, TimeProvider time)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(30);

    /// <summary>So many times as long as it took, it is not done again: what looks at the daemon must cost it next to nothing.</summary>
    private const int PauseByTime = 50;

    private readonly Lock _lock = new();
    private Task _counting = Task.CompletedTask;
    private TimeSpan _pause;
    private long _since;
    private volatile Counted _last = Counted.Nothing;

    /// <summary>What was counted last. Begins to count anew where that may have changed.</summary>
    public Counted Read()
    {
        _ = Refresh();
        return _last;
    }

    /// <summary>Counts anew, unless that was done lately or nothing has changed since. Ends when it is done.</summary>
    public Task Refresh()
    {
        lock (_lock)
        {
            var isDue = _last.Version is null || (_last.Version != inventory.Version && time.GetElapsedTime(_since) >= _pause);
            if (isDue && _counting.IsCompleted)
            {
                _counting = Task.Run(Count);
            }

            return _counting;
        }
    }

    private void Count()
    {
        var began = time.GetTimestamp();
        var (version, files) = (inventory.Version, inventory.Contents());
        var known = kinds(files.Select(static file => file.Hash).ToHashSet());
        var byKind = files
            .GroupBy(file => known.GetValueOrDefault(file.Hash))
            .ToDictionary(static kind => kind.Key, static kind => (kind.Count(), kind.Sum(static file => file.Bytes)));
        lock (_lock)
        {
            _last = new Counted(version, byKind, files.Count > 0 ? files.Min(static file => file.Used) : null);
            var cost = time.GetElapsedTime(began) * PauseByTime;
            (_since, _pause) = (time.GetTimestamp(), cost > ShortestPause ? cost : ShortestPause);
        }
    }

    /// <param name="Version">Of the inventory; none before the first time.</param>
    /// <param name="ByKind">Files and bytes.</param>
    /// <param name="OldestUse">When the content was used that was not used for longest.</param>
    public sealed record Counted(
        long? Version, IReadOnlyDictionary<ContentKind, (int Files, long Bytes)> ByKind, DateTime? OldestUse)
    {
        public static Counted Nothing { get; } = new(null, new Dictionary<ContentKind, (int, long)>(), null);
    }
}
