using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching.Blocks;

/// <summary>
/// The unit in which the work of a fetch is shared out: a piece, or 64 KiB of a content that is a single piece. It is filled from its
/// start, by one channel or by several, one after the other.
/// </summary>
internal sealed class Block(int index, ByteRange range)
{
    public int Index => index;

    public ByteRange Range => range;

    /// <summary>Where the next byte goes.</summary>
    public long Position { get; set; } = range.Start;

    public bool IsFull => Position == range.End;

    /// <summary>Who is filling it now.</summary>
    public Claim? Claim { get; set; }

    /// <summary>Who gave its first byte, and all others too unless <see cref="IsMixed"/>.</summary>
    public FetchChannel? Giver { get; set; }

    /// <summary>Whether several channels gave parts, so that nobody can be blamed for the whole.</summary>
    public bool IsMixed { get; set; }

    /// <summary>The one read that all of it came by; nothing when there were several, or an earlier run had a part in it.</summary>
    public Claim? Read { get; private set; }

    /// <summary>Whether every byte is the origin's (or was marked good by an earlier run).</summary>
    public bool IsOrigins { get; set; } = true;

    /// <summary>Whether a peer had a part in it, so that it cannot be handed out before it was judged.</summary>
    public bool IsOfPeers { get; private set; }

    /// <summary>Whether one origin gave all of it, in this run.</summary>
    public bool IsFromOriginAlone => IsOrigins && Giver is not null && !IsMixed;

    /// <summary>Whether an origin is filling it now.</summary>
    public bool IsOnItsWayFromOrigin =>
        Claim is { IsRevoked: false, Owner.IsOrigin: true } claim && claim.Position >= range.Start && claim.Position < range.End;

    /// <summary>
    /// Whether every peer that had a part in it was getting the content itself. While nobody knows the piece list, its word is as good as a
    /// list that the same peer would give.
    /// </summary>
    public bool IsOfCrowd { get; set; } = true;

    /// <summary>Whether every peer that had a part in it gave it on its own word, and did not just pass it on.</summary>
    public bool IsVouched { get; private set; } = true;

    /// <summary>The SHA-256 of its bytes, once it is full and hashed.</summary>
    public ContentHash? Hash { get; set; }

    /// <summary>How often it was emptied.</summary>
    public int Emptied { get; private set; }

    /// <summary>Notes that bytes of a claim are here.</summary>
    /// <param name="claim">Whose.</param>
    /// <param name="count">How many.</param>
    /// <param name="isVouched">Whether they came on the giver's own word.</param>
    public void Fill(Claim claim, int count, bool isVouched)
    {
        IsVouched &= isVouched;
        IsMixed |= Position > range.Start && Giver != claim.Owner;
        Read = Position == range.Start || Read == claim ? claim : null;
        Giver ??= claim.Owner;
        IsOrigins &= claim.Owner.IsOrigin;
        IsOfPeers |= claim.Owner.IsPeer;
        IsOfCrowd &= !claim.Owner.IsPeer || claim.IsOfCrowd;
        Position += count;
        if (IsFull)
        {
            Claim = null;
        }
    }

    public void Reset()
    {
        (Position, Giver, IsMixed, Read, Hash) = (range.Start, null, false, null, null);
        (IsOrigins, IsOfPeers, IsOfCrowd, IsVouched) = (true, false, true, true);
        Emptied++;
    }
}
