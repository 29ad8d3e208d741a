using System.Collections.Immutable;

namespace AptP2P;

/// <summary>
/// How far a node is with a content that it is still getting itself. Nodes that get the same content at the same moment share the work by
/// it.
/// </summary>
/// <param name="Node">Tells nodes apart: a number that each chooses at random when it starts.</param>
/// <param name="Has">For each piece whether it can be had from the node on its own word: the origin gave it all of it.</param>
/// <param name="Gets">For each piece whether it is on its way to the node from the origin.</param>
public sealed record FetchProgress(ulong Node, ImmutableArray<bool> Has, ImmutableArray<bool> Gets)
{
    /// <summary>
    /// For each piece whether it can be had from the node on another's word alone: a peer gave it, and it is not known yet whether it is
    /// right. Nobody can be blamed for passing it on. Empty where there is none.
    /// </summary>
    public ImmutableArray<bool> Passes { get; init; } = [];

    /// <summary>Whether a piece can be had from the node, on its own word or another's.</summary>
    public bool Offers(int piece) => Has[piece] || (piece < Passes.Length && Passes[piece]);

    /// <summary>Whether all pieces that a range touches can be had from the node, on its own word or another's.</summary>
    public bool Covers(ByteRange range, int pieceLength) => All(range, pieceLength, Offers);

    /// <summary>Whether all pieces that a range touches can be had from the node on its own word.</summary>
    public bool Vouches(ByteRange range, int pieceLength) => All(range, pieceLength, piece => Has[piece]);

    private bool All(ByteRange range, int pieceLength, Func<int, bool> isSo)
    {
        for (var piece = (int)(range.Start / pieceLength); piece < Has.Length && (long)piece * pieceLength < range.End; piece++)
        {
            if (!isSo(piece))
            {
                return false;
            }
        }

        return true;
    }
}
