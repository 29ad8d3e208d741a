namespace AptP2P;

/// <summary>
/// What this node lets peers have: stored contents, and those being fetched as far as they are verified. Reading it never starts a fetch,
/// so that a peer cannot make this node work for it, and loops cannot form.
/// </summary>
public interface ISharedContents
{
    /// <summary>Opens a shared content, or <see langword="null"/> when it is not here or not shared.</summary>
    ValueTask<ISharedContent?> OpenAsync(ContentHash hash, CancellationToken cancellationToken);

    /// <summary>
    /// Whether <see cref="OpenAsync"/> would find a complete content, or one of several pieces that is being fetched, and this node says so
    /// to who asks.
    /// </summary>
    ValueTask<bool> HasAsync(ContentHash hash, CancellationToken cancellationToken);
}
