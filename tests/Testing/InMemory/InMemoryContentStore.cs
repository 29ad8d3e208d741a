using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace AptP2P.Testing.InMemory;

/// <summary>
/// A content store without a disk. Partials left behind are kept, as a restart would find them. Unlike a store on disk, it hashes what is
/// committed: whoever commits something wrong has a fault, and a test sees it.
/// </summary>
public sealed class InMemoryContentStore : IContentStore
{
    private readonly ConcurrentDictionary<ContentHash, InMemoryStored> _stored = new();
    private readonly ConcurrentDictionary<ContentHash, InMemoryPartial> _partials = new();
    private readonly ConcurrentQueue<ContentHash> _refused = new();

    /// <summary>How many bytes may be written yet, before the disk is full.</summary>
    public long Room { get; set; } = long.MaxValue;

    /// <summary>What it was told to publish and did not, because the bytes or the piece list were wrong.</summary>
    public IReadOnlyCollection<ContentHash> Refused => _refused;

    /// <summary>Puts a content in as if it had been fetched.</summary>
    public ContentHash Put(ReadOnlyMemory<byte> content, PieceList? pieces = null)
    {
        var hash = ContentHash.Of(content.Span);
        _stored[hash] = new InMemoryStored(hash, content, pieces);
        return hash;
    }

    public bool Contains(ContentHash hash) => _stored.ContainsKey(hash);

    public ValueTask<IStoredContent?> OpenAsync(ContentHash hash, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(_stored.GetValueOrDefault(hash));
    }

    public ValueTask<IPartialContent> BeginAsync(ContentHash hash, long length, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var left = _partials.GetValueOrDefault(hash);
        if (left is { IsOpen: true })
        {
            throw new InvalidOperationException($"{hash} is under construction already.");
        }

        var partial = left?.Length == length ? left.Reopen() : new InMemoryPartial(this, hash, length);
        _partials[hash] = partial;
        return new(partial);
    }

    public async IAsyncEnumerable<StoredContent> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var (hash, stored) in _stored)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new StoredContent(hash, stored.Length, stored.Pieces);
        }
    }

    public ValueTask EvictAsync(ContentHash hash, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _stored.TryRemove(hash, out _);
        return ValueTask.CompletedTask;
    }

    internal void Commit(ContentHash hash, ReadOnlyMemory<byte> content, PieceList? pieces)
    {
        var isRight = ContentHash.Of(content.Span) == hash;
        if (!isRight || (pieces is not null && pieces.Digest != TestContent.PiecesOf(content.Span).Digest))
        {
            _refused.Enqueue(hash);
            throw new InvalidOperationException($"{hash} was committed with {(isRight ? "a wrong piece list" : "wrong bytes")}.");
        }

        _stored[hash] = new InMemoryStored(hash, content, pieces);
        Forget(hash);
    }

    internal void Forget(ContentHash hash) => _partials.TryRemove(hash, out _);
}
