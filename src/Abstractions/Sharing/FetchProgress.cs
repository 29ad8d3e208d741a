using System.Collections.Immutable;

namespace AptP2P;

/// <summary>How far a node is with a content that it is still getting itself. Nodes that get the same content at the same moment share the work by it.</summary>
/// <param name="Node">Tells nodes apart: a number that each chooses at random when it starts.</param>
/// <param name="Has">For each piece whether it can be had from the node.</param>
/// <param name="Gets">For each piece whether it is on its way to the node from the origin.</param>
public sealed record FetchProgress(ulong Node, ImmutableArray<bool> Has, ImmutableArray<bool> Gets)
{
    /// <summary>Whether the node has all pieces that a range touches.</summary>
    public bool Covers(ByteRange range, int pieceLength)
    {
        for (var piece = (int)(range.Start / pieceLength); piece < Has.Length && (long)piece * pieceLength < range.End; piece++)
        {
            if (!Has[piece])
            {
                return false;
            }
        }

        return true;
    }
}
