using Microsoft.AspNetCore.Http;

namespace AptP2P;

/// <summary>A content that peers may read. Only bytes of pieces that can be had are readable.</summary>
public interface ISharedContent : IReadableContent
{
    /// <summary>Its piece list, where it has more than one piece and they are known.</summary>
    PieceList? Pieces { get; }

    /// <summary>Whether all of it can be read.</summary>
    bool IsComplete { get; }

    /// <summary>How far this node is with it; <see langword="null"/> when it has all.</summary>
    FetchProgress? Progress => null;

    /// <summary>
    /// Whether piece number <paramref name="index"/> can be read now, on this node's own word: an origin gave it, or the whole is verified.
    /// </summary>
    bool HasPiece(int index);

    /// <summary>
    /// Whether piece number <paramref name="index"/> can be read now, but only a peer vouches for it. It goes to those alone who take it as
    /// that.
    /// </summary>
    bool PassesPiece(int index) => false;

    /// <summary>
    /// Sends a part of it as the body of an answer, or as the next part of one. What lies in a file goes to the connection without passing
    /// through this process.
    /// </summary>
    /// <param name="context">Whose answer. Its headers are complete, and go first; when the request is aborted, sending ends.</param>
    /// <param name="part">Readable bytes.</param>
    /// <returns>
    /// Whether all of it was sent. If not, the requester has gone or the content is shorter than it said, and nothing may follow.
    /// </returns>
    ValueTask<bool> SendAsync(HttpContext context, ByteRange part);
}
