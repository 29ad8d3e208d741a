namespace AptP2P;

/// <summary>A stored content, open for reading.</summary>
public interface IStoredContent : IReadableContent
{
    /// <summary>Which content.</summary>
    ContentHash Hash { get; }

    /// <summary>Its piece list, where it has more than one piece.</summary>
    PieceList? Pieces { get; }
}
