namespace AptP2P;

/// <summary>
/// Keeps contents by their hash. What it hands out as stored has been verified once; a file under construction becomes visible only by
/// <see cref="IPartialContent.CommitAsync"/>.
/// </summary>
public interface IContentStore
{
    /// <summary>
    /// Opens a stored content, or <see langword="null"/> when there is none. An open one can be read to its end even if it is evicted
    /// meanwhile.
    /// </summary>
    ValueTask<IStoredContent?> OpenAsync(ContentHash hash, CancellationToken cancellationToken);

    /// <summary>
    /// Begins a content, or continues with what an earlier run left of it, where the store keeps that. One at a time per hash, until it is
    /// published or disposed.
    /// </summary>
    /// <exception cref="IOException">There is no room, or the disk fails.</exception>
    ValueTask<IPartialContent> BeginAsync(ContentHash hash, long length, CancellationToken cancellationToken);

    /// <summary>Streams what is stored, in no order.</summary>
    IAsyncEnumerable<StoredContent> ListAsync(CancellationToken cancellationToken);

    /// <summary>Forgets a content. Nothing happens when there is none.</summary>
    ValueTask EvictAsync(ContentHash hash, CancellationToken cancellationToken);
}
