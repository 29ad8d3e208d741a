using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching.Trust;

/// <summary>
/// Whose turn it is to hash the whole, and how far. Hashing goes on as bytes come, so that little is left when the last one is here; one at
/// a time does it, outside of the lock. Not thread-safe but for that: the builder locks around it.
/// </summary>
internal sealed class WholeHash(Content content, BlockMap map, BlockTrust blocks) : IDisposable
{
    private bool _isTaken; // whoever has set it has the hash for itself

    /// <summary>The hash, for whoever has taken it.</summary>
    public PrefixHash Hash { get; } = new();

    /// <summary>Takes the hash for one whose bytes have just arrived, if they are the next and nobody else is at it.</summary>
    public bool TryTake(FetchChannel giver, long position)
    {
        var isNext = !_isTaken && !giver.IsPeer && Hash.Position == position && !blocks.HasRejected;
        _isTaken |= isNext;
        return isNext;
    }

    /// <summary>Takes the hash for one who reads back what is there, unless nothing is left to hash or somebody else is at it.</summary>
    /// <returns>Up to where to go on; all of it when only the verdict is missing.</returns>
    public long? TryTake()
    {
        if (_isTaken)
        {
            return null;
        }

        if (blocks.TakeRejected() is { } from && from < Hash.Position)
        {
            Hash.Restart();
        }

        var end = HashablePrefix();
        _isTaken = Hash.Position < end || end == content.Length;
        return _isTaken ? end : null;
    }

    public void GiveBack() => _isTaken = false;

    public void Dispose() => Hash.Dispose();

    /// <summary>What is worth hashing: all that is here in a row, but no peer's block before it has been judged.</summary>
    private long HashablePrefix()
    {
        foreach (var block in map.Blocks.SkipWhile(block => block.Range.End <= Hash.Position))
        {
            if (!block.IsFull || (block.Hash is null && block.IsOfPeers))
            {
                return !block.IsOfPeers ? block.Position : block.Range.Start;
            }
        }

        return content.Length;
    }
}
