using System.Collections.Immutable;
using AptP2P.Host.Fetching.Blocks;

namespace AptP2P.Host.Fetching.Crowd;

/// <summary>
/// Nodes that are getting the same content at the same moment. Each brings in from the origin the pieces that fall to it, and gets the rest
/// from the others, so that the origin gives about one copy to all of them together.
/// </summary>
/// <param name="self">This node's number.</param>
/// <param name="others">What the others last said.</param>
/// <param name="isSettled">Whether they probably all know of each other.</param>
/// <param name="isOnePiece">Whether the content is a single piece, whatever blocks it is read in: one of them brings in all of it.</param>
internal sealed class CrowdShare(ulong self, ImmutableArray<FetchProgress> others, bool isSettled = true, bool isOnePiece = false)
{
    /// <summary>Whether nobody has a block's piece or is getting it from the origin, and it falls to this node to do so.</summary>
    public bool IsOurs(int block)
    {
        var piece = PieceOf(block);

        // Rendezvous hashing: all who know of the same nodes agree, without a word, and who comes or goes changes little.
        var ours = Weight(self, piece);
        foreach (var other in others)
        {
            if (other.Offers(piece) || other.Gets[piece] || Weight(other.Node, piece) < ours)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Of the blocks that fall to this node, the first, since apt reads in order. Nodes that have just met know of few others, and each
    /// thinks that much falls to it: then the one that does so most clearly, as it will still do when this node knows of all.
    /// </summary>
    /// <param name="blocks">To choose from, in file order.</param>
    public Block? Choose(IEnumerable<Block> blocks)
    {
        var ours = blocks.Where(block => IsOurs(block.Index));
        return isSettled ? ours.FirstOrDefault() : ours.MinBy(block => Weight(self, PieceOf(block.Index)));
    }

    /// <summary>Whether nobody has a block's piece, though somebody may be getting it.</summary>
    public bool IsMissing(int block)
    {
        var piece = PieceOf(block);
        foreach (var other in others)
        {
            if (other.Offers(piece))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether somebody still has to bring something in.</summary>
    public bool IsAnythingMissing(BlockMap map) => map.Blocks.Skip(map.FirstOpen).Any(block => !block.IsFull && IsMissing(block.Index));

    /// <summary>
    /// Whether another node brings in all of it from the origin, and goes on. Of several that began to before they had heard of each other,
    /// one does.
    /// </summary>
    /// <param name="isBroughtHere">Whether this node does so too.</param>
    public bool IsLeftToAnother(bool isBroughtHere) =>
        others.Any(other =>
            Enumerable.Range(0, other.Gets.Length).All(piece => other.Gets[piece] || other.Offers(piece))
            && other.Gets.Contains(true)
            && (!isBroughtHere || Weight(other.Node, piece: 0) < Weight(self, piece: 0)));

    /// <summary>Takes everything from the origin's channels. Called under the builder's lock.</summary>
    /// <returns>The claims whose channels have to be told.</returns>
    public static IReadOnlyList<Claim> TakeAll(BlockMap map)
    {
        var revoked = map.Claims.Where(claim => claim.Owner.IsOrigin && claim.Position < claim.End).ToList();
        revoked.ForEach(map.Revoke);
        return revoked;
    }

    /// <summary>Takes from the origin's channels what falls to others. Called under the builder's lock.</summary>
    /// <returns>The claims whose channels have to be told.</returns>
    public IReadOnlyList<Claim> TakeShare(BlockMap map)
    {
        List<Claim> revoked = [];
        if (isOnePiece)
        {
            return revoked; // the others hear that it is on its way
        }

        foreach (var claim in map.Claims.Where(claim => claim.Owner.IsOrigin && claim.Position < claim.End).ToList())
        {
            var block = map.BlockAt(claim.Position);
            var isNearlyDone = block.Range.End - claim.Position < block.Range.Length / 4;
            if (isNearlyDone || Choose(map.Free.Append(block)) == block)
            {
                map.Shorten(claim);
            }
            else
            {
                map.Revoke(claim);
                revoked.Add(claim);
            }
        }

        return revoked;
    }

    private int PieceOf(int block) => isOnePiece ? 0 : block;

    private static ulong Weight(ulong node, int piece)
    {
        // The finalizer of SplitMix64: neighbouring inputs give unrelated numbers.
        var mixed = node ^ ((ulong)(piece + 1) * 0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return mixed ^ (mixed >> 31);
    }
}
