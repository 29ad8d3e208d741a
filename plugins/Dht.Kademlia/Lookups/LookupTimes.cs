namespace AptP2P.Dht.Kademlia.Lookups;

/// <summary>How long the last look-ups took. One slow look-up among many should not show, so it is their median.</summary>
internal sealed class LookupTimes
{
    private const int Last = 32; // enough for a median, few enough to be of now

    private readonly Lock _lock = new();
    private readonly Queue<TimeSpan> _times = new(Last);

    /// <summary><see langword="null"/> while there was none.</summary>
    public TimeSpan? Median
    {
        get
        {
            lock (_lock)
            {
                return _times.Count > 0 ? _times.Order().ElementAt(_times.Count / 2) : null;
            }
        }
    }

    public void Add(TimeSpan time)
    {
        lock (_lock)
        {
            if (_times.Count == Last)
            {
                _times.Dequeue();
            }

            _times.Enqueue(time);
        }
    }
}
