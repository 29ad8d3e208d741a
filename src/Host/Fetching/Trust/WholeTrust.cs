using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching.Trust;

/// <summary>
/// What is believed of the whole: whether it is right, and who lied if it is not. Not thread-safe: the builder locks around it.
/// </summary>
internal sealed class WholeTrust(Content content, BlockMap map, BlockTrust blocks, OriginDispute dispute, Suspicions suspicions)
{
    private readonly List<Accusation> _accusations = [];

    /// <summary>Whether the whole is here and its hash is right.</summary>
    public bool IsVerified { get; private set; }

    /// <summary>
    /// Whether the whole is here, from the origin alone, and not what the index says: apt gets it as it would without us.
    /// </summary>
    public bool IsOriginsOwn { get; private set; }

    /// <summary>Whether peers gave wrong bytes and it is not known which of them, so that only the origin may go on.</summary>
    public bool PeersDistrusted { get; private set; }

    /// <summary>Whether the whole was wrong, and peers had a part in it or could not help.</summary>
    public bool ArePeersSuspected { get; private set; }

    /// <summary>How often the whole turned out wrong, and parts of it were emptied again.</summary>
    public int Doubts { get; private set; }

    /// <summary>
    /// Whether a piece may be given to peers on this node's own word: the whole is right, or the origin gave all of the piece in this run.
    /// A list that peers agree on is not enough: they may be of one mind to have this node blamed for it.
    /// </summary>
    /// <remarks>A content that is a single piece has smaller blocks, and only its own hash to go by.</remarks>
    public bool IsPieceGood(int piece) =>
        IsVerified || (blocks.HasPieces && map.Blocks[piece] is { IsFull: true, IsFromOriginAlone: true });

    /// <summary>
    /// Whether a piece may be passed on to peers who take it on another's word: it is believed here, but this node cannot know whether it
    /// is right.
    /// </summary>
    public bool IsPiecePassed(int piece) =>
        blocks.HasPieces && map.Blocks[piece].IsFull && blocks.IsTrusted(map.Blocks[piece]) && !IsPieceGood(piece);

    /// <summary>Judges the whole, whose hash is known.</summary>
    public Verdict Conclude(bool isRight)
    {
        if (blocks.HasRejected)
        {
            return Verdict.Again; // it was not the whole any more
        }

        if (isRight)
        {
            IsVerified = true;
            return Verdict.Right;
        }

        if (!map.Blocks.All(block => block.IsOrigins))
        {
            Doubt();
            return Verdict.Again;
        }

        if (dispute.Decide() is { Count: > 0 } again)
        {
            Doubts++;
            blocks.Empty(again);
            return Verdict.Again;
        }

        return Verdict.Wrong;
    }

    /// <summary>The origins have nothing better, and nobody else has it.</summary>
    public void Accept() => IsOriginsOwn = true;

    /// <summary>The origins have nothing better, but peers may. If they have not either, they are not asked the next time.</summary>
    public void Drop()
    {
        Doubts++;
        ArePeersSuspected = true;
        blocks.Empty(map.Blocks);
    }

    /// <summary>Lets a claim bring what is before it as well, in place of what is there.</summary>
    public bool TryRestart(Claim claim)
    {
        if (map.Before(claim) is not { } before)
        {
            return false;
        }

        Doubts++; // those who have read of it may have read something else than what comes now
        blocks.Empty(before);
        map.Restart(claim);
        return true;
    }

    /// <summary>Accuses those who lied, now that the truth is known.</summary>
    public void Blame(IEnumerable<FetchChannel> channels, PieceList? truth)
    {
        _accusations.AddRange(suspicions.Resolve(map.Blocks));
        foreach (var channel in channels)
        {
            if (truth is not null && channel is { HasSaidPieces: true, Pieces: { } said } && said.Digest != truth.Digest)
            {
                _accusations.Add(new(channel, IsItsWord: true, Evidence.OfList(content.Hash, said, truth)));
            }
        }
    }

    /// <summary>The accusations since the last call. They have to be made outside of the lock.</summary>
    public Accusation[] TakeAccusations()
    {
        Accusation[] made = [.. _accusations];
        _accusations.Clear();
        return made;
    }

    /// <summary>Empties every block that is not the origin's alone. The origin fills them again, and then it is known who lied.</summary>
    private void Doubt()
    {
        // When everything came from one peer it is certain who lied, and the others may go on.
        Doubts++;
        ArePeersSuspected = true;
        var first = map.Blocks[0].Giver;
        PeersDistrusted = first is not { IsOrigin: false } || map.Blocks.Any(block => block.Giver != first || block.IsMixed);
        if (!PeersDistrusted)
        {
            _accusations.Add(new(first!, map.Blocks.All(block => block.IsVouched), Evidence.OfWhole(content.Hash)));
            first!.Retire(new ChannelResult(ChannelOutcome.Protocol, "sent wrong bytes"));
        }

        blocks.Empty(map.Blocks.Where(block => !block.IsFromOriginAlone));
    }
}
