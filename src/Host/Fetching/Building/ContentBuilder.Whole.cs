using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Trust;

namespace AptP2P.Host.Fetching.Building;

/// <summary>What follows from the hash of the whole, and what has to be known before.</summary>
internal sealed partial class ContentBuilder
{
    /// <summary>The hash of the whole, for whoever has taken it and has not given it back.</summary>
    public PrefixHash Hash => _hash.Hash;

    /// <inheritdoc cref="WholeHash.TryTake()"/>
    public long? TryTakeHash()
    {
        lock (_lock)
        {
            return _hash.TryTake();
        }
    }

    public void GiveHashBack()
    {
        lock (_lock)
        {
            _hash.GiveBack();
        }
    }

    /// <summary>Judges the whole.</summary>
    public Verdict Conclude(bool isRight)
    {
        Verdict verdict;
        lock (_lock)
        {
            verdict = _whole.Conclude(isRight);
        }

        Accuse();
        return verdict;
    }

    /// <summary>What an origin has wrong is left to others, or taken as it is.</summary>
    public void Resign(bool isOthersTurn)
    {
        lock (_lock)
        {
            if (isOthersTurn)
            {
                _whole.Drop();
            }
            else
            {
                _whole.Accept();
            }
        }
    }

    /// <summary>The ranges of the blocks that are full.</summary>
    public ByteRange[] FullRanges()
    {
        lock (_lock)
        {
            return [.. _map.Blocks.Where(block => block.IsFull).Select(block => block.Range)];
        }
    }

    /// <summary>The full blocks whose hash is not known.</summary>
    public FilledBlock[] Unhashed()
    {
        lock (_lock)
        {
            return Unhashed(_map.Blocks);
        }
    }

    /// <summary>The same before a claim, if it may bring those blocks as well; nothing if it may not.</summary>
    public FilledBlock[]? UnhashedBefore(Claim claim)
    {
        lock (_lock)
        {
            return _map.Before(claim) is { } before ? Unhashed(before) : null;
        }
    }

    /// <summary>Tells the hash of a block, unless something else is in it by now.</summary>
    public void SetHash(FilledBlock filled, ContentHash hash)
    {
        lock (_lock)
        {
            if (filled.IsStillThere)
            {
                filled.Block.Hash ??= hash;
            }
        }
    }

    /// <summary>Lets a claim bring what is before it as well, in place of what is there.</summary>
    public bool TryRestart(Claim claim)
    {
        lock (_lock)
        {
            return _whole.TryRestart(claim);
        }
    }

    /// <summary>The list of the whole, once it is verified and all blocks have their hashes; nothing for a single piece.</summary>
    public PieceList? Pieces()
    {
        lock (_lock)
        {
            return _blocks.HasPieces ? new PieceList(_content.Length, [.. _map.Blocks.Select(block => block.Hash!.Value)]) : null;
        }
    }

    private static FilledBlock[] Unhashed(IEnumerable<Block> blocks) =>
        [.. blocks.Where(block => block is { IsFull: true, Hash: null }).Select(block => new FilledBlock(block))];
}
