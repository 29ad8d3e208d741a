namespace AptP2P.Host.Fetching;

/// <summary>
/// Puts a content together from what channels bring: who fills which block, which bytes may be handed out before the whole is known to be
/// right, and, when it is not, which have to be fetched again. The partial file holds the bytes; this holds what is believed of them.
/// </summary>
internal sealed class ContentBuilder : IDisposable
{
    // apt must not be able to complete a file that is not known to be right. A few bytes are enough for that, and few they must be:
    // a slow mirror has to keep apt's 30 s timer from running out.
    private const int HeldBack = 16 << 10;

    private readonly Lock _lock = new();
    private readonly Content _content;
    private readonly IPartialContent _partial;
    private readonly BlockMap _map;
    private readonly PieceVotes _votes = new();
    private readonly Suspicions _suspicions = new();
    private readonly PrefixHash _hash = new();
    private readonly bool _hasPieces;
    private readonly Dictionary<int, ContentHash?> _doubted = []; // what stood in the blocks that are fetched again
    private bool _rehash;
    private int _trusted; // every block before it may be handed out

    public ContentBuilder(Content content, IPartialContent partial)
    {
        (_content, _partial, _map) = (content, partial, new BlockMap(content.Length));
        _hasPieces = PieceList.CountFor(content.Length) > 1;
        foreach (var range in partial.Recovered)
        {
            foreach (var block in _map.Blocks.Where(block => range.Start <= block.Range.Start && block.Range.Start < range.End))
            {
                block.Position = Math.Min(block.Range.End, range.End);
            }
        }
    }

    /// <summary>Pulsed when bytes may be handed out, and when that will never be.</summary>
    public Signal Progress { get; } = new();

    /// <summary>Pulsed when there may be work for a channel that had none.</summary>
    public Signal WorkChanged { get; } = new();

    public BlockMap Map => _map;

    /// <summary>Whether the whole is here and its hash is right.</summary>
    public bool IsVerified { get; private set; }

    /// <summary>Whether the whole is here, from the origin alone, and not what the index says: apt gets it as it would without us.</summary>
    public bool IsOriginsOwn { get; private set; }

    /// <summary>Whether peers gave wrong bytes and it is not known which of them, so that only the origin may go on.</summary>
    public bool PeersDistrusted { get; private set; }

    /// <summary>Whether pieces of peers can be checked as they come.</summary>
    public bool CanVerifyPeers => !_hasPieces || _votes.Chosen is not null;

    /// <summary>How often the whole turned out wrong, and parts of it were emptied again.</summary>
    public int Doubts { get; private set; }

    /// <summary>The first byte that turned out to be another one than was handed out before the last doubt.</summary>
    public long WrongFrom { get; private set; } = long.MaxValue;

    /// <summary>Up to where a reader may read.</summary>
    public long Servable
    {
        get
        {
            lock (_lock)
            {
                return IsVerified || IsOriginsOwn ? _content.Length : Math.Clamp(TrustedPrefix(), 0, Math.Max(0, _content.Length - HeldBack));
            }
        }
    }

    /// <summary>Whether a piece may be given to peers: it is here, and the origin or a piece list vouches for it.</summary>
    public bool IsPieceGood(int piece)
    {
        lock (_lock)
        {
            // A content that is a single piece has smaller blocks, and only its own hash to go by.
            return IsVerified || (_hasPieces && _map.Blocks[piece].IsFull && IsTrusted(_map.Blocks[piece]));
        }
    }

    public T Locked<T>(Func<BlockMap, PieceList?, T> read)
    {
        lock (_lock)
        {
            return read(_map, _votes.Chosen);
        }
    }

    public void Vote(FetchChannel channel, PieceList list)
    {
        lock (_lock)
        {
            channel.Pieces = list;
            _votes.Add(list);
            JudgeAgain();
        }

        WorkChanged.Pulse();
        Progress.Pulse();
    }

    /// <summary>Takes the bytes that a channel brought.</summary>
    /// <returns>Whether it should bring more.</returns>
    public async ValueTask<bool> AcceptAsync(Claim claim, ReadOnlyMemory<byte> bytes, long now, CancellationToken cancellationToken)
    {
        long position;
        lock (_lock)
        {
            position = claim.Position;
            bytes = bytes[..(int)Math.Min(bytes.Length, claim.End - position)];
            if (claim.IsRevoked || bytes.IsEmpty)
            {
                return false;
            }

            claim.WritingTo = position + bytes.Length;
        }

        var written = false;
        List<Block>? full = null;
        try
        {
            await _partial.WriteAsync(position, bytes, cancellationToken);
            written = true;
        }
        finally
        {
            lock (_lock)
            {
                claim.WritingTo = 0;
                claim.LastByte = now;
                if (claim.IsRevoked)
                {
                    _map.Release(claim);
                }
                else if (written)
                {
                    full = Fill(claim, bytes.Length);
                }
            }
        }

        if (claim.IsRevoked)
        {
            WorkChanged.Pulse();
            return false;
        }

        foreach (var block in full ?? [])
        {
            await JudgeAsync(block, cancellationToken);
        }

        Progress.Pulse();
        lock (_lock)
        {
            return !claim.IsRevoked && claim.Position < claim.End;
        }
    }

    /// <summary>Takes a claim away from its channel.</summary>
    public void Revoke(Claim claim)
    {
        lock (_lock)
        {
            claim.Revoke();
            if (!claim.IsWriting) // else the end of its write frees the blocks
            {
                _map.Release(claim);
            }
        }
    }

    public void Release(Claim claim)
    {
        lock (_lock)
        {
            _map.Release(claim);
        }

        WorkChanged.Pulse();
    }

    /// <summary>Hashes what is there as it grows, until the whole is there and judged.</summary>
    /// <returns>Whether it is right. When it is not and peers had a part in it, their parts are fetched again first.</returns>
    public async Task<bool> VerifyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var progress = Progress.Next;
            long end;
            lock (_lock)
            {
                if (_rehash)
                {
                    _hash.Restart();
                    _rehash = false;
                }

                end = HashablePrefix();
            }

            if (_hash.Position < end)
            {
                await _hash.AppendAsync(_partial, end, cancellationToken);
            }
            else if (end < _content.Length)
            {
                await progress.WaitAsync(cancellationToken);
            }
            else
            {
                var verdict = Conclude();
                if (verdict is null)
                {
                    await RemarkAsync(); // before anybody hears of it, gives up, and ends the fetch
                }

                Progress.Pulse();
                WorkChanged.Pulse();
                if (verdict is not null)
                {
                    return verdict.Value;
                }
            }
        }
    }

    /// <summary>The list of the whole, once it is verified.</summary>
    public async Task<PieceList?> GetPieceListAsync(CancellationToken cancellationToken)
    {
        if (!_hasPieces)
        {
            return null;
        }

        foreach (var block in _map.Blocks.Where(block => block.Hash is null))
        {
            block.Hash = await PrefixHash.OfAsync(_partial, block.Range, cancellationToken); // what an earlier run left
        }

        return new PieceList(_content.Length, [.. _map.Blocks.Select(block => block.Hash!.Value)]);
    }

    /// <summary>Names those who lied, now that the truth is known.</summary>
    public void Blame(IEnumerable<FetchChannel> channels, PieceList? truth)
    {
        _suspicions.Resolve(_map.Blocks);
        foreach (var channel in channels)
        {
            if (truth is not null && channel.Pieces is { } claimed && claimed.Digest != truth.Digest)
            {
                channel.Blame("false piece list");
            }
        }
    }

    public void Dispose() => _hash.Dispose();

    private List<Block> Fill(Claim claim, int count)
    {
        var full = new List<Block>();
        while (count > 0)
        {
            var block = _map.BlockAt(claim.Position);
            var part = (int)Math.Min(count, block.Range.End - claim.Position);
            block.IsMixed |= block.Position > block.Range.Start && block.Giver != claim.Owner;
            block.Giver ??= claim.Owner;
            block.IsOrigins &= !claim.Owner.IsPeer;
            block.Position += part;
            claim.Position += part;
            count -= part;
            if (block.IsFull)
            {
                block.Claim = null;
                full.Add(block);
            }
        }

        return full;
    }

    private async Task JudgeAsync(Block block, CancellationToken cancellationToken)
    {
        // A single piece from the origin is judged by the whole hash alone.
        var needsHash = _hasPieces || !block.IsOrigins || _doubted.ContainsKey(block.Index);
        ContentHash? hash = needsHash ? await PrefixHash.OfAsync(_partial, block.Range, cancellationToken) : null;
        bool good;
        lock (_lock)
        {
            if (!block.IsFull)
            {
                return; // emptied meanwhile
            }

            block.Hash = hash;
            if (_doubted.TryGetValue(block.Index, out var before) && before != hash)
            {
                WrongFrom = Math.Min(WrongFrom, block.Range.Start);
            }

            good = Judge(block);
        }

        if (good)
        {
            await _partial.MarkAsync(block.Range, cancellationToken);
        }
        else
        {
            WorkChanged.Pulse();
        }
    }

    /// <returns>Whether the block can be believed now.</returns>
    private bool Judge(Block block)
    {
        if (_hasPieces && _votes.Chosen is { } list && list.Pieces[block.Index] != block.Hash)
        {
            if (!block.IsOrigins)
            {
                Reject(block);
                return false;
            }

            _votes.Refute(list); // the origin's bytes settle it
            JudgeAgain();
        }

        return IsTrusted(block);
    }

    private void JudgeAgain()
    {
        if (_votes.Chosen is { } list && _hasPieces)
        {
            foreach (var block in _map.Blocks.Where(block => block.Hash is { } hash && hash != list.Pieces[block.Index] && !block.IsOrigins))
            {
                Reject(block);
            }
        }

        _trusted = 0;
    }

    private void Reject(Block block)
    {
        if (!block.IsMixed && block.Giver is { } giver)
        {
            _suspicions.Add(giver, block);
            giver.Retire(new ChannelResult(ChannelOutcome.Protocol, "sent bytes that do not match the piece list"));
        }

        _rehash |= block.Range.Start < _hash.Position || _hash.Position == 0;
        _trusted = Math.Min(_trusted, block.Index);
        _map.Reset(block);
    }

    /// <returns>The verdict, or nothing when parts are to be fetched again.</returns>
    private bool? Conclude()
    {
        var right = _hash.Finish() == _content.Hash;
        lock (_lock)
        {
            if (_rehash)
            {
                return null;
            }

            if (right)
            {
                IsVerified = true;
            }
            else if (PeersDistrusted || _map.Blocks.All(block => block is { IsOrigins: true, Giver: not null, IsMixed: false }))
            {
                IsOriginsOwn = true;
            }
            else
            {
                Doubt();
            }
        }

        return IsVerified ? true : IsOriginsOwn ? false : null;
    }

    /// <summary>Empties every block that is not the origin's alone; the origin fills them again, and then it is known who lied.</summary>
    private void Doubt()
    {
        // When everything came from one peer it is certain who lied, and the others may go on.
        Doubts++;
        var first = _map.Blocks[0].Giver;
        PeersDistrusted = first is not { IsPeer: true } || _map.Blocks.Any(block => block.Giver != first || block.IsMixed);
        if (!PeersDistrusted)
        {
            first!.Blame("wrong bytes");
            first.Retire(new ChannelResult(ChannelOutcome.Protocol, "sent wrong bytes"));
        }

        foreach (var block in _map.Blocks.Where(block => !(block is { IsOrigins: true, Giver: not null, IsMixed: false })))
        {
            _doubted[block.Index] = block.Hash;
            if (block.Giver is { IsPeer: true } giver && !block.IsMixed)
            {
                _suspicions.Add(giver, block);
            }

            _map.Reset(block);
        }

        (_trusted, _rehash) = (0, true);
    }

    private async Task RemarkAsync()
    {
        await _partial.UnmarkAllAsync(CancellationToken.None);
        foreach (var block in _map.Blocks.Where(block => block.IsFull))
        {
            await _partial.MarkAsync(block.Range, CancellationToken.None);
        }
    }

    private bool IsTrusted(Block block) =>
        block.IsOrigins || (_hasPieces && block.Hash is { } hash && _votes.Chosen is { } list && list.Pieces[block.Index] == hash);

    private long TrustedPrefix()
    {
        while (_trusted < _map.Blocks.Count && _map.Blocks[_trusted].IsFull && IsTrusted(_map.Blocks[_trusted]))
        {
            _trusted++;
        }

        return _trusted == _map.Blocks.Count ? _content.Length
            : _map.Blocks[_trusted].IsOrigins ? _map.Blocks[_trusted].Position
            : _map.Blocks[_trusted].Range.Start;
    }

    /// <summary>What is worth hashing: all that is here in a row, but no peer's block before it has been judged.</summary>
    private long HashablePrefix()
    {
        foreach (var block in _map.Blocks.SkipWhile(block => block.Range.End <= _hash.Position))
        {
            if (!block.IsFull || (block.Hash is null && !block.IsOrigins))
            {
                return block.IsOrigins ? block.Position : block.Range.Start;
            }
        }

        return _content.Length;
    }
}
