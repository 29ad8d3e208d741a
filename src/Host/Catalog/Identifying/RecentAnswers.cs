using System.Collections.Concurrent;

namespace AptP2P.Host.Catalog.Identifying;

/// <summary>What the catalog found lately, for as long as it does not change: many machines ask for the same files.</summary>
internal sealed class RecentAnswers
{
    private const int MaxAnswers = 4_096; // a megabyte; clients choose the addresses

    private readonly ConcurrentDictionary<Origin, KnownContent> _answers = new();
    private long _version;

    /// <param name="origin">What is asked for.</param>
    /// <param name="version">The catalog's; after a change nothing is remembered.</param>
    public KnownContent? Find(Origin origin, long version)
    {
        if (Interlocked.Exchange(ref _version, version) != version)
        {
            _answers.Clear();
        }

        return _answers.GetValueOrDefault(origin);
    }

    /// <param name="origin">What was asked for.</param>
    /// <param name="content">What was found.</param>
    /// <param name="version">The catalog's before it was asked.</param>
    public void Add(Origin origin, KnownContent content, long version)
    {
        if (_answers.Count >= MaxAnswers)
        {
            _answers.Clear();
        }

        if (Interlocked.Read(ref _version) == version)
        {
            _answers[origin] = content;
        }
    }
}
