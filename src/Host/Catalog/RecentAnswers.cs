using System.Collections.Concurrent;

namespace AptP2P.Host.Catalog;

/// <summary>What the catalog found lately, for as long as it does not change: many machines ask for the same files.</summary>
internal sealed class RecentAnswers
{
    private const int MaxAnswers = 4_096; // a megabyte; clients choose the addresses

    private readonly ConcurrentDictionary<Origin, Content> _answers = new();
    private long _version;

    /// <param name="origin">What is asked for.</param>
    /// <param name="version">The catalog's; after a change nothing is remembered.</param>
    public Content? Find(Origin origin, long version)
    {
        if (Interlocked.Exchange(ref _version, version) != version)
        {
            _answers.Clear();
        }

        return _answers.GetValueOrDefault(origin);
    }

    /// <param name="content">What was found for its first origin.</param>
    /// <param name="version">The catalog's before it was asked.</param>
    public void Add(Content content, long version)
    {
        if (_answers.Count >= MaxAnswers)
        {
            _answers.Clear();
        }

        if (Interlocked.Read(ref _version) == version)
        {
            _answers[content.Origins[0]] = content;
        }
    }
}
