using System.Collections.Concurrent;

namespace AptP2P.Host.Fetching;

/// <summary>Contents that peers gave wrong bytes of: for a time their origin alone is believed.</summary>
internal sealed class DistrustedContents(TimeSpan duration, TimeProvider time)
{
    private const int Most = 1_024; // liars must not be able to fill memory

    private readonly ConcurrentDictionary<ContentHash, long> _since = new();

    public bool Contains(ContentHash hash) => _since.TryGetValue(hash, out var since) && time.GetElapsedTime(since) < duration;

    public void Add(ContentHash hash)
    {
        if (_since.Count >= Most)
        {
            _since.Clear(); // at worst, lies are found out once more
        }

        _since[hash] = time.GetTimestamp();
    }
}
