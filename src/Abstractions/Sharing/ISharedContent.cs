namespace AptP2P;

/// <summary>A content that peers may read. Only verified bytes are readable.</summary>
public interface ISharedContent : IReadableContent
{
    /// <summary>Its piece list, where it has more than one piece and they are known.</summary>
    PieceList? Pieces { get; }

    /// <summary>Whether all of it can be read.</summary>
    bool IsComplete { get; }

    /// <summary>How far this node is with it; <see langword="null"/> when it has all.</summary>
    FetchProgress? Progress => null;

    /// <summary>Whether piece number <paramref name="index"/> can be read now.</summary>
    bool HasPiece(int index);
}
