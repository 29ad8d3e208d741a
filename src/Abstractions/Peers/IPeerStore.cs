namespace AptP2P;

/// <summary>
/// Tells the world who has a content. The host says once what this node has; keeping it known (repeating it before it expires, over
/// restarts) is the store's task.
/// </summary>
public interface IPeerStore
{
    /// <summary>
    /// Makes known that this node has a content, until it is withdrawn. Announcing again what is announced changes nothing.
    /// </summary>
    ValueTask AnnounceAsync(Announcement announcement, CancellationToken cancellationToken);

    /// <summary>Ends the repetition; what others remember expires by itself.</summary>
    ValueTask WithdrawAsync(ContentHash hash, CancellationToken cancellationToken);

    /// <summary>
    /// Withdraws all but these. The host says so once after its start: what the store remembers from before may be gone, or may not be told
    /// any more.
    /// </summary>
    ValueTask KeepOnlyAsync(IReadOnlySet<ContentHash> hashes, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
