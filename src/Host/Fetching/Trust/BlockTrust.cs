using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching.Trust;

/// <summary>
/// What is believed of a content's blocks before the whole is known: by which piece list, and which of them may be handed out. Not
/// thread-safe: the builder locks around it.
/// </summary>
internal sealed class BlockTrust(Content content, BlockMap map, Suspicions suspicions)
{
    private readonly PieceVotes _votes = new();
    private readonly Dictionary<int, ContentHash?> _doubted = []; // what stood in the blocks that are fetched again
    private int _trusted; // every block before it may be handed out
    private long? _rejectedFrom;

    /// <summary>Whether the content has more than one piece, so that there is a list of them.</summary>
    public bool HasPieces { get; } = PieceList.CountFor(content.Length) > 1;

    /// <summary>Whether pieces of peers can be checked as they come.</summary>
    public bool CanVerifyPeers => !HasPieces || _votes.Chosen is not null;

    /// <summary>The first byte that turned out to be another one than was handed out before the last doubt.</summary>
    public long WrongFrom { get; private set; } = long.MaxValue;

    /// <summary>Whether a block was emptied since <see cref="TakeRejected"/> was called.</summary>
    public bool HasRejected => _rejectedFrom is not null;

    public bool IsTrusted(Block block) =>
        !block.IsOfPeers
        || (HasPieces && block.Hash is { } hash && (_votes.Chosen is { } list ? list.Pieces[block.Index] == hash : block.IsOfCrowd));

    /// <summary>
    /// Whether a full block has to be hashed by itself. A single piece that no peer gave is judged by the whole hash alone.
    /// </summary>
    public bool NeedsHash(Block block) => HasPieces || block.IsOfPeers || _doubted.ContainsKey(block.Index);

    /// <summary>
    /// Up to where the content may be handed out, as far as its blocks go. What an earlier run left waits for the first byte that goes on
    /// from it: an origin may refuse that, and give another beginning.
    /// </summary>
    public long Prefix()
    {
        if (!map.HasBegun && !map.IsFull)
        {
            return 0;
        }

        while (_trusted < map.Blocks.Count && map.Blocks[_trusted].IsFull && IsTrusted(map.Blocks[_trusted]))
        {
            _trusted++;
        }

        return _trusted == map.Blocks.Count ? content.Length
            : !map.Blocks[_trusted].IsOfPeers ? map.Blocks[_trusted].Position
            : map.Blocks[_trusted].Range.Start;
    }

    public void Vote(FetchChannel channel, PieceList list)
    {
        // One that is getting the content itself can only repeat what others say.
        var isItsWord = channel is { Channel.IsPieceListItsOwn: true, Progress: null };
        (channel.Pieces, channel.HasSaidPieces) = (list, isItsWord);
        _votes.Add(channel, list, isItsWord);
        JudgeAgain();
    }

    /// <summary>Judges a block that is full.</summary>
    /// <returns>Whether it can be believed now.</returns>
    public bool Judge(Block block, ContentHash? hash)
    {
        block.Hash = hash;
        if (_doubted.TryGetValue(block.Index, out var before) && before != hash)
        {
            WrongFrom = Math.Min(WrongFrom, block.Range.Start);
        }

        if (HasPieces && _votes.Chosen is { } list && list.Pieces[block.Index] != hash)
        {
            if (block.IsOrigins)
            {
                _votes.Refute(list); // the origin's bytes settle it
            }

            if (block.IsOrigins || _votes.IsHearsay)
            {
                JudgeAgain();
            }

            if (!IsTrusted(block))
            {
                if (block.IsFull)
                {
                    Reject(block);
                }

                return false;
            }
        }
        else if (HasPieces && _votes.Chosen is not null && block is { IsMixed: false, Giver: { IsPeer: true, Progress: null } giver })
        {
            _votes.Confirm(giver);
        }

        return IsTrusted(block);
    }

    /// <summary>The start of the first block that was emptied since the last call.</summary>
    public long? TakeRejected()
    {
        var rejected = _rejectedFrom;
        _rejectedFrom = null;
        return rejected;
    }

    /// <summary>Empties blocks that are full, since the whole is wrong or comes anew.</summary>
    public void Empty(IEnumerable<Block> blocks)
    {
        foreach (var block in blocks)
        {
            _doubted[block.Index] = block.Hash;
            if (block.Giver is { IsOrigin: false } giver && !block.IsMixed)
            {
                suspicions.Add(giver, block);
            }

            map.Reset(block);
        }

        (_trusted, _rejectedFrom) = (0, 0);
    }

    /// <summary>Judges the list by the blocks, if it is hearsay, and then the blocks by the list.</summary>
    private void JudgeAgain()
    {
        // nobody's bytes have agreed with it so far, so nothing is lost with it
        while (_votes.IsHearsay && Contradicting(_votes.Chosen).Any())
        {
            foreach (var channel in _votes.Forget(_votes.Chosen!).Where(channel => channel.Progress is null))
            {
                channel.Pieces = null; // it is asked itself, when it has nothing to do
            }
        }

        foreach (var block in Contradicting(_votes.Chosen).Where(block => block.IsOfPeers))
        {
            Reject(block);
        }

        _trusted = 0;
    }

    private IEnumerable<Block> Contradicting(PieceList? list) =>
        list is null || !HasPieces ? [] : map.Blocks.Where(block => block.Hash is { } hash && hash != list.Pieces[block.Index]);

    private void Reject(Block block)
    {
        if (!block.IsMixed && block.Giver is { } giver)
        {
            suspicions.Add(giver, block);
            if (giver is { HasSaidPieces: false, Progress: null })
            {
                (giver.Pieces, giver.MustSayPieces) = (null, true); // it may be right, and what is told of it wrong
            }
            else
            {
                giver.Retire(new ChannelResult(ChannelOutcome.Protocol, "sent bytes that do not match the piece list"));
            }
        }

        _rejectedFrom = Math.Min(_rejectedFrom ?? long.MaxValue, block.Range.Start);
        _trusted = Math.Min(_trusted, block.Index);
        map.Reset(block);
    }
}
