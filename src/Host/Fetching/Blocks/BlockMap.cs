using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching.Blocks;

/// <summary>
/// Which bytes of a content are here, on their way, or free. Hands out work in file order, since apt reads in order. Not thread-safe: the
/// builder locks around it.
/// </summary>
internal sealed class BlockMap
{
    private const int SmallBlock = 64 << 10; // so that even a content of one piece can come from several channels

    private readonly Block[] _blocks;
    private readonly int _blockLength;
    private readonly int _pieceLength;
    private readonly List<Claim> _claims = [];
    private int _firstOpen; // every block before it is full

    public BlockMap(long length)
    {
        Length = length;
        _pieceLength = PieceList.PieceLengthFor(length);
        _blockLength = PieceList.CountFor(length) == 1 ? SmallBlock : _pieceLength;
        _blocks = new Block[(int)((length + _blockLength - 1) / _blockLength)];
        for (var i = 0; i < _blocks.Length; i++)
        {
            _blocks[i] = new Block(i, new ByteRange((long)i * _blockLength, Math.Min(length, (long)(i + 1) * _blockLength)));
        }
    }

    public long Length { get; }

    public IReadOnlyList<Block> Blocks => _blocks;

    public IReadOnlyList<Claim> Claims => _claims;

    /// <summary>How many peers are being read from.</summary>
    public int PeerClaims => _claims.Count(claim => claim.Owner.IsPeer);

    /// <summary>When a byte last came from anywhere (a timestamp); 0 before the first.</summary>
    public long LastByte { get; set; }

    /// <summary>Whether anything came in this run, so that what an earlier run left is known to be of use.</summary>
    public bool HasBegun { get; private set; }

    public bool IsFull => FirstOpen == _blocks.Length;

    /// <summary>The first block that is not full: the front, which apt waits for.</summary>
    public int FirstOpen
    {
        get
        {
            while (_firstOpen < _blocks.Length && _blocks[_firstOpen].IsFull)
            {
                _firstOpen++;
            }

            return _firstOpen;
        }
    }

    /// <summary>Whether nobody works at the front, and somebody works elsewhere.</summary>
    public bool IsFrontLeft => _claims.Count > 0 && !IsFull && _blocks[FirstOpen].Claim is null;

    public Block BlockAt(long offset) => _blocks[(int)(offset / _blockLength)];

    /// <summary>Takes up to <paramref name="maxBytes"/> (at least one block) of free blocks in a row, the first that are free.</summary>
    /// <param name="owner">Who is going to fill them.</param>
    /// <param name="maxBytes">How much the channel should get at once.</param>
    /// <param name="window">How far beyond the front a claim may begin.</param>
    /// <param name="now">A timestamp.</param>
    public Claim? TryClaim(FetchChannel owner, long maxBytes, long window, long now)
    {
        bool IsFor(Block block) => IsFree(block) && owner.Channel.MayHave(new ByteRange(block.Position, block.Range.End));

        var first = FirstOpen;
        var limit = first == _blocks.Length ? 0 : _blocks[first].Range.Start + window;
        while (first < _blocks.Length && !IsFor(_blocks[first]))
        {
            first++;
        }

        if (first == _blocks.Length || _blocks[first].Range.Start > limit)
        {
            return null;
        }

        var last = first;
        while (last + 1 < _blocks.Length && IsFor(_blocks[last + 1]) && _blocks[last + 1].Position == _blocks[last + 1].Range.Start
            && _blocks[last + 1].Range.End - _blocks[first].Position <= maxBytes)
        {
            last++;
        }

        return Take(owner, first, last, now);
    }

    /// <summary>Takes one free block.</summary>
    public Claim ClaimBlock(FetchChannel owner, Block block, long now) => Take(owner, block.Index, block.Index, now);

    /// <summary>Takes blocks away from the far end of a running claim, and leaves the one that is being filled.</summary>
    /// <param name="victim">Whose blocks.</param>
    /// <param name="owner">Who gets them.</param>
    /// <param name="blocks">How many.</param>
    /// <param name="now">A timestamp.</param>
    public Claim? Split(Claim victim, FetchChannel owner, int blocks, long now)
    {
        var last = BlockAt(victim.End - 1).Index;
        var filling = BlockAt(Math.Max(victim.Position, victim.WritingTo - 1)).Index;
        var first = Math.Max(filling + 1, last - blocks + 1);
        if (first > last || !owner.Channel.MayHave(new ByteRange(_blocks[first].Range.Start, victim.End)))
        {
            return null;
        }

        victim.End = _blocks[first].Range.Start;
        return Take(owner, first, last, now);
    }

    /// <summary>Takes everything from a running claim but the block that is being filled.</summary>
    public void Shorten(Claim claim)
    {
        var filling = BlockAt(Math.Max(claim.Position, claim.WritingTo - 1));
        for (var i = filling.Index + 1; i < _blocks.Length && _blocks[i].Claim == claim; i++)
        {
            _blocks[i].Claim = null;
        }

        claim.End = Math.Min(claim.End, filling.Range.End);
    }

    /// <summary>Notes that bytes of a claim are here.</summary>
    /// <returns>The blocks that they filled, if any.</returns>
    public List<FilledBlock>? Fill(Claim claim, int count)
    {
        List<FilledBlock>? full = null;
        HasBegun = true;
        while (count > 0)
        {
            var block = BlockAt(claim.Position);
            var part = (int)Math.Min(count, block.Range.End - claim.Position);
            block.Fill(claim, part, claim.Owner.Vouches(block.Range, _pieceLength));
            claim.Position += part;
            count -= part;
            if (block.IsFull)
            {
                (full ??= []).Add(new(block));
            }
        }

        return full;
    }

    /// <summary>
    /// Takes a claim away altogether. While a write is on its way its blocks stay taken; the end of the write frees them.
    /// </summary>
    public void Revoke(Claim claim)
    {
        claim.Revoke();
        if (!claim.IsWriting)
        {
            Release(claim);
        }
    }

    /// <summary>Ends a claim: what it did not fill is free again.</summary>
    public void Release(Claim claim)
    {
        if (_claims.Remove(claim))
        {
            foreach (var block in _blocks.AsSpan(BlockAt(Math.Min(claim.Position, claim.End - 1)).Index))
            {
                if (block.Range.Start >= claim.End)
                {
                    break;
                }

                if (block.Claim == claim)
                {
                    block.Claim = null;
                }
            }
        }
    }

    /// <summary>Whether the whole is what one read of one channel gave.</summary>
    public bool IsOneRead => _blocks.Length > 0 && _blocks[0].Read is { } read && _blocks.All(block => block.Read == read);

    /// <summary>The blocks before a claim, if a claim may have those too: they are origins', and nobody works at them.</summary>
    public IReadOnlyList<Block>? Before(Claim claim)
    {
        var first = BlockAt(claim.Position);
        var before = _blocks.AsSpan(0, first.Index).ToArray();
        return
            !claim.IsRevoked
            && claim.Received == 0
            && claim.Position == first.Range.Start
            && before.All(block => block is { IsFull: true, IsOrigins: true })
            ? before
            : null;
    }

    /// <summary>Gives a claim the blocks before it, which were emptied.</summary>
    public void Restart(Claim claim)
    {
        foreach (var block in _blocks.AsSpan(0, BlockAt(claim.Position).Index))
        {
            block.Claim = claim;
        }

        claim.Restart(0);
    }

    /// <summary>Empties a block that turned out to be wrong.</summary>
    public void Reset(Block block)
    {
        block.Reset();
        _firstOpen = Math.Min(_firstOpen, block.Index);
    }

    public IEnumerable<Block> Free => _blocks.Skip(FirstOpen).Where(IsFree);

    /// <summary>How many bytes have not come yet.</summary>
    public long OpenBytes => _blocks.Skip(FirstOpen).Sum(block => block.Range.End - block.Position);

    public long FreeBytes => Free.Sum(block => block.Range.End - block.Position);

    private static bool IsFree(Block block) => block is { Claim: null, IsFull: false };

    private Claim Take(FetchChannel owner, int first, int last, long now)
    {
        var claim = new Claim(owner, new ByteRange(_blocks[first].Position, _blocks[last].Range.End), now);
        foreach (var block in _blocks.AsSpan(first, last - first + 1))
        {
            block.Claim = claim;
        }

        _claims.Add(claim);
        return claim;
    }
}
