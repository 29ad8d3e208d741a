namespace AptP2P;

/// <summary>
/// A content under construction. Ranges arrive in any order. Disposing keeps what is marked for the next
/// <see cref="IContentStore.BeginAsync"/>.
/// </summary>
public interface IPartialContent : IReadableContent
{
    /// <summary>
    /// The ranges that an earlier run had marked, in order and not touching each other; none where the store does not keep them. They are
    /// as good as that run believed.
    /// </summary>
    IReadOnlyList<ByteRange> Recovered { get; }

    /// <summary>Writes bytes at an offset. They may be overwritten until they are marked.</summary>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Remembers that a range is good, so that work continues there after a restart or a crash.</summary>
    ValueTask MarkAsync(ByteRange range, CancellationToken cancellationToken);

    /// <summary>
    /// Publishes the content under its hash, atomically, or leaves no trace of it. It may reach the disk a moment later: after a crash the
    /// store verifies what it is not sure of before it hands it out. Open readers of the partial keep working.
    /// </summary>
    /// <param name="pieces">The piece list, where the content has more than one piece.</param>
    /// <param name="cancellationToken">Ends the attempt; the partial is kept.</param>
    /// <remarks>The caller has verified the whole hash over the bytes it wrote; a store need not read them again.</remarks>
    ValueTask CommitAsync(PieceList? pieces, CancellationToken cancellationToken);

    /// <summary>Forgets every mark: no byte that was written counts as good any more.</summary>
    ValueTask UnmarkAllAsync(CancellationToken cancellationToken);
}
