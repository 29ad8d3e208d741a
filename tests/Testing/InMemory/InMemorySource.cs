using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace AptP2P.Testing.InMemory;

/// <summary>
/// A source that has the channels it was given. Those for <see cref="SearchEffort.Search"/> come when the test lets them.
/// </summary>
public sealed class InMemorySource(string name, SourceRole role) : ISource
{
    private readonly ConcurrentDictionary<ContentHash, List<IChannel>> _known = new();
    private readonly ConcurrentDictionary<ContentHash, System.Threading.Channels.Channel<IChannel>> _found = new();
    private readonly ConcurrentQueue<(ContentHash Hash, SearchEffort Effort)> _opened = new();

    public string Name => name;

    public SourceRole Role => role;

    /// <summary>Every call of <see cref="OpenAsync"/>, in order.</summary>
    public IReadOnlyCollection<(ContentHash Hash, SearchEffort Effort)> Opened => _opened;

    /// <summary>Channels that any effort opens at once.</summary>
    public InMemorySource Add(ContentHash hash, params ReadOnlySpan<IChannel> channels)
    {
        _known.GetOrAdd(hash, _ => []).AddRange(channels);
        return this;
    }

    /// <summary>A channel that a search finds now.</summary>
    public void Find(ContentHash hash, IChannel channel) => Results(hash).Writer.TryWrite(channel);

    /// <summary>The search ends when it has given what was found. Without this call it goes on for ever.</summary>
    public InMemorySource EndSearch(ContentHash hash)
    {
        Results(hash).Writer.TryComplete();
        return this;
    }

    public async IAsyncEnumerable<IChannel> OpenAsync(
        Content content, SearchEffort effort, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _opened.Enqueue((content.Hash, effort));
        foreach (var channel in _known.GetValueOrDefault(content.Hash, []))
        {
            (channel as InMemoryChannel)?.Reopen();
            yield return channel;
        }

        if (effort == SearchEffort.Search)
        {
            await foreach (var channel in Results(content.Hash).Reader.ReadAllAsync(cancellationToken))
            {
                yield return channel;
            }
        }
    }

    private System.Threading.Channels.Channel<IChannel> Results(ContentHash hash) =>
        _found.GetOrAdd(hash, _ => System.Threading.Channels.Channel.CreateUnbounded<IChannel>());
}
