using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching.Trust;

/// <summary>
/// What is believed of a content's blocks: by which piece list, which of them may be handed out, and who gave what turns out to be wrong.
/// Not thread-safe: the builder locks around it.
/// </summary>
internal sealed class BlockTrust(Content content, BlockMap map, OriginDispute dispute)
{
    private readonly PieceVotes _votes = new();
    private readonly Suspicions _suspicions = new(content);
    private readonly Dictionary<int, ContentHash?> _doubted = []; // what stood in the blocks that are fetched again
    private int _trusted; // every block before it may be handed out
    private long? _rejectedFrom;

    /// <summary>Whether the whole is here and its hash is right.</summary>
    public bool IsVerified { get; private set; }

    /// <summary>
    /// Whether the whole is here, from the origin alone, and not what the index says: apt gets it as it would without us.
    /// </summary>
    public bool IsOriginsOwn { get; private set; }

    public bool HasPieces { get; } = PieceList.CountFor(content.Length) > 1;

    public PieceList? Chosen => _votes.Chosen;

    /// <summary>Whether pieces of peers can be checked as they come.</summary>
    public bool CanVerifyPeers => !HasPieces || _votes.Chosen is not null;

    /// <summary>Whether peers gave wrong bytes and it is not known which of them, so that only the origin may go on.</summary>
    public bool PeersDistrusted { get; private set; }

    /// <summary>Whether the whole was wrong, and peers had a part in it or could not help.</summary>
    public bool ArePeersSuspected { get; private set; }

    /// <summary>How often the whole turned out wrong, and parts of it were emptied again.</summary>
    public int Doubts { get; private set; }

    /// <summary>The first byte that turned out to be another one than was handed out before the last doubt.</summary>
    public long WrongFrom { get; private set; } = long.MaxValue;

    /// <summary>Whether a block was emptied since <see cref="TakeRejected"/> was called.</summary>
    public bool HasRejected => _rejectedFrom is not null;

    public bool IsTrusted(Block block) =>
        block.IsOrigins
        || (HasPieces && block.Hash is { } hash && (_votes.Chosen is { } list ? list.Pieces[block.Index] == hash : block.IsOfCrowd));

    /// <summary>
    /// Whether a piece may be given to peers on this node's own word: the whole is right, or the origin gave all of the piece in this run.
    /// A list that peers agree on is not enough: they may be of one mind to have this node blamed for it.
    /// </summary>
    /// <remarks>A content that is a single piece has smaller blocks, and only its own hash to go by.</remarks>
    public bool IsPieceGood(int piece) => IsVerified || (HasPieces && map.Blocks[piece] is { IsFull: true, IsFromOriginAlone: true });

    /// <summary>
    /// Whether a piece may be passed on to peers who take it on another's word: it is believed here, but this node cannot know whether it
    /// is right.
    /// </summary>
    public bool IsPiecePassed(int piece) => HasPieces && map.Blocks[piece].IsFull && IsTrusted(map.Blocks[piece]) && !IsPieceGood(piece);

    /// <summary>
    /// Whether a full block has to be hashed by itself. A single piece from the origin is judged by the whole hash alone.
    /// </summary>
    public bool NeedsHash(Block block) => HasPieces || !block.IsOrigins || _doubted.ContainsKey(block.Index);

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
            : map.Blocks[_trusted].IsOrigins ? map.Blocks[_trusted].Position
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

    /// <summary>Judges the whole, whose hash is known.</summary>
    /// <returns>
    /// Whether it is right; nothing when parts have to be fetched again. It is not when all of it is one origin's answer, and no other
    /// origin has better.
    /// </returns>
    public bool? Conclude(bool isRight)
    {
        if (HasRejected)
        {
            return null; // it was not the whole any more
        }

        if (isRight)
        {
            IsVerified = true;
        }
        else if (!map.Blocks.All(block => block.IsOrigins))
        {
            Doubt();
        }
        else if (dispute.Decide() is { Count: > 0 } again)
        {
            Doubts++;
            Empty(again);
        }
        else
        {
            return false;
        }

        return IsVerified ? true : null;
    }

    /// <summary>The origins have nothing better, and nobody else has it.</summary>
    public void Accept() => IsOriginsOwn = true;

    /// <summary>The origins have nothing better, but peers may. If they have not either, they are not asked the next time.</summary>
    public void Drop()
    {
        Doubts++;
        ArePeersSuspected = true;
        Empty(map.Blocks);
    }

    /// <summary>Lets a claim bring what is before it as well, in place of what is there.</summary>
    public bool TryRestart(Claim claim)
    {
        if (map.Before(claim) is not { } before)
        {
            return false;
        }

        Doubts++; // those who have read of it may have read something else than what comes now
        Empty(before);
        map.Restart(claim);
        return true;
    }

    /// <summary>The start of the first block that was emptied since the last call.</summary>
    public long? TakeRejected()
    {
        var rejected = _rejectedFrom;
        _rejectedFrom = null;
        return rejected;
    }

    /// <summary>Names those who lied, now that the truth is known.</summary>
    public void Blame(IEnumerable<FetchChannel> channels, PieceList? truth)
    {
        _suspicions.Resolve(map.Blocks);
        foreach (var channel in channels)
        {
            if (truth is not null && channel is { HasSaidPieces: true, Pieces: { } said } && said.Digest != truth.Digest)
            {
                channel.Accuse(isItsWord: true, Evidence.OfList(content.Hash, said, truth));
            }
        }
    }

    /// <summary>
    /// The whole is wrong: empties every block that is not the origin's alone. The origin fills them again, and then it is known who lied.
    /// </summary>
    private void Doubt()
    {
        // When everything came from one peer it is certain who lied, and the others may go on.
        Doubts++;
        ArePeersSuspected = true;
        var first = map.Blocks[0].Giver;
        PeersDistrusted = first is not { IsPeer: true } || map.Blocks.Any(block => block.Giver != first || block.IsMixed);
        if (!PeersDistrusted)
        {
            first!.Accuse(isItsWord: map.Blocks.All(block => block.IsVouched), Evidence.OfWhole(content.Hash));
            first.Retire(new ChannelResult(ChannelOutcome.Protocol, "sent wrong bytes"));
        }

        Empty(map.Blocks.Where(block => !block.IsFromOriginAlone));
    }

    private void Empty(IEnumerable<Block> blocks)
    {
        foreach (var block in blocks)
        {
            _doubted[block.Index] = block.Hash;
            if (block.Giver is { IsPeer: true } giver && !block.IsMixed)
            {
                _suspicions.Add(giver, block);
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

        foreach (var block in Contradicting(_votes.Chosen).Where(block => !block.IsOrigins))
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
            _suspicions.Add(giver, block);
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
