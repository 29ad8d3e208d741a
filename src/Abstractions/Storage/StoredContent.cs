namespace AptP2P;

/// <summary>An entry of a store's list.</summary>
/// <param name="Hash">Which content.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Pieces">Its piece list, where it has more than one piece.</param>
public sealed record StoredContent(ContentHash Hash, long Length, PieceList? Pieces);
