namespace AptP2P;

/// <summary>What a stranger says about a content's pieces: enough to find and to recognise the list.</summary>
/// <param name="Length">The content's length in bytes.</param>
/// <param name="Digest">The list's digest (<see cref="PieceList.Digest"/>).</param>
/// <param name="List">The list itself, where it was short enough to travel along.</param>
public sealed record PieceClaim(long Length, ContentHash Digest, PieceList? List);
