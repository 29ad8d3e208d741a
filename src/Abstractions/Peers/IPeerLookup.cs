namespace AptP2P;

/// <summary>Finds out who has a content: a DHT, a tracker, neighbours on the LAN.</summary>
public interface IPeerLookup
{
    /// <summary>A short name for the status page and for metrics, such as <c>dht</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Streams peers as they are found, the first at once, each endpoint at most once, never this node itself, and ends when the look-up
    /// has. Fails quietly: nobody found is an empty stream. Cancelling ends the look-up early.
    /// </summary>
    IAsyncEnumerable<Peer> FindAsync(ContentHash hash, CancellationToken cancellationToken);

    /// <summary>Gets the list that a claim stands for, if this look-up keeps lists; it matches the claim's digest.</summary>
    ValueTask<PieceList?> GetPieceListAsync(PieceClaim claim, CancellationToken cancellationToken);
}
