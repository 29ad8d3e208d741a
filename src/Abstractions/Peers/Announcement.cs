namespace AptP2P;

/// <summary>That this node has a content.</summary>
/// <param name="Hash">Which one.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Pieces">Its piece list, where it has more than one piece and they are known.</param>
public sealed record Announcement(ContentHash Hash, long Length, PieceList? Pieces);
