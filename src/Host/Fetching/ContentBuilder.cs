namespace AptP2P.Host.Fetching;

/// <summary>
/// Puts a content together from what channels bring: who fills which block, which bytes may be handed out before the whole is known to be
/// right, and, when it is not, which have to be fetched again. The partial file holds the bytes; this holds what is believed of them.
/// </summary>
internal sealed partial class ContentBuilder : IDisposable
{
    // apt must not be able to complete a file that is not known to be right. A few bytes are enough for that, and few they must be:
    // a slow mirror has to keep apt's 30 s timer from running out.
    private const int HeldBack = 16 << 10;

    private readonly Lock _lock = new();
    private readonly Content _content;
    private readonly IPartialContent _partial;
    private readonly BlockMap _map;
    private readonly Trust _trust;
    private readonly OriginDispute _dispute;

    /// <param name="content">What it is to be.</param>
    /// <param name="partial">Where its bytes go.</param>
    /// <param name="origins">The origins that have not failed.</param>
    public ContentBuilder(Content content, IPartialContent partial, Func<IReadOnlyList<FetchChannel>> origins)
    {
        (_content, _partial, _map) = (content, partial, new BlockMap(content.Length));
        _trust = new Trust(content, _map);
        _dispute = new OriginDispute(_map, origins);
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

    /// <summary>Whether anything is left to fetch, as far as is known.</summary>
    public bool IsAnythingOpen => !Locked((map, _) => map.IsFull);

    /// <summary>Whether the whole is here and its hash is right.</summary>
    public bool IsVerified { get; private set; }

    /// <summary>Whether the whole is here, from the origin alone, and not what the index says: apt gets it as it would without us.</summary>
    public bool IsOriginsOwn { get; private set; }

    /// <inheritdoc cref="Trust.PeersDistrusted"/>
    public bool PeersDistrusted => _trust.PeersDistrusted;

    /// <inheritdoc cref="Trust.CanVerifyPeers"/>
    public bool CanVerifyPeers => _trust.CanVerifyPeers;

    /// <inheritdoc cref="OriginDispute.Differing"/>
    public IReadOnlyCollection<FetchChannel> DifferingOrigins => _dispute.Differing;

    /// <inheritdoc cref="Trust.Doubts"/>
    public int Doubts => _trust.Doubts;

    /// <inheritdoc cref="Trust.WrongFrom"/>
    public long WrongFrom => _trust.WrongFrom;

    /// <summary>Up to where a reader may read.</summary>
    public long Servable
    {
        get
        {
            lock (_lock)
            {
                return IsVerified || IsOriginsOwn ? _content.Length : Math.Clamp(_trust.Prefix(), 0, Math.Max(0, _content.Length - HeldBack));
            }
        }
    }

    /// <summary>Whether a piece may be given to peers: it is here, and the origin or a piece list vouches for it.</summary>
    public bool IsPieceGood(int piece)
    {
        lock (_lock)
        {
            // A content that is a single piece has smaller blocks, and only its own hash to go by.
            return IsVerified || (_trust.HasPieces && _map.Blocks[piece].IsFull && _trust.IsTrusted(_map.Blocks[piece]));
        }
    }

    /// <summary>How far this node is, for those who are getting the content too.</summary>
    public FetchProgress? GetProgress(ulong node)
    {
        lock (_lock)
        {
            return IsVerified || !_trust.HasPieces ? null : new FetchProgress(
                node,
                [.. _map.Blocks.Select(block => block.IsFull && _trust.IsTrusted(block))],
                [.. _map.Blocks.Select(block => block.Claim is { IsRevoked: false, Owner.IsPeer: false } claim && claim.Position < block.Range.End && claim.Position >= block.Range.Start)]);
        }
    }

    /// <summary>Takes from the origin's channels what falls to others, now that there are others.</summary>
    /// <returns>The claims whose channels have to be told.</returns>
    public IReadOnlyList<Claim> Share(Crowd crowd)
    {
        List<Claim> revoked = [];
        lock (_lock)
        {
            foreach (var claim in _map.Claims.Where(claim => !claim.Owner.IsPeer && claim.Position < claim.End).ToList())
            {
                var block = _map.BlockAt(claim.Position);
                var isNearlyDone = block.Range.End - claim.Position < block.Range.Length / 4;
                if (isNearlyDone || crowd.Choose(_map.Free.Append(block)) == block)
                {
                    _map.Shorten(claim);
                }
                else
                {
                    Free(claim);
                    revoked.Add(claim);
                }
            }
        }

        WorkChanged.Pulse();
        return revoked;
    }

    /// <inheritdoc cref="OriginDispute.MayWork"/>
    public bool WantsFrom(FetchChannel origin)
    {
        lock (_lock)
        {
            return _dispute.MayWork(origin);
        }
    }

    public T Locked<T>(Func<BlockMap, PieceList?, T> read)
    {
        lock (_lock)
        {
            return read(_map, _trust.Chosen);
        }
    }

    public void Vote(FetchChannel channel, PieceList list)
    {
        lock (_lock)
        {
            _trust.Vote(channel, list);
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
        var hashes = HashBlocks(claim, position, bytes.Span);
        List<Block>? full = null;
        var isNext = false; // for the hash of the whole, and nobody else is at it
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
                claim.LastByte = _map.LastByte = now;
                if (claim.IsRevoked)
                {
                    _map.Release(claim);
                }
                else if (written)
                {
                    full = Fill(claim, bytes.Length);
                    isNext = !_isHashing && !claim.Owner.IsPeer && _hash.Position == position && !_trust.HasRejected;
                    _isHashing |= isNext;
                }
            }
        }

        if (claim.IsRevoked)
        {
            WorkChanged.Pulse();
            return false;
        }

        if (isNext)
        {
            _hash.Append(bytes.Span);
            EndHashing();
        }

        foreach (var block in full ?? [])
        {
            await JudgeAsync(block, hashes?.GetValueOrDefault(block), cancellationToken);
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
            Free(claim);
        }
    }

    /// <summary>The claims that nothing has come from for some time.</summary>
    public IReadOnlyList<Claim> Silent(TimeProvider time, TimeSpan patience)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            return [.. _map.Claims.Where(claim => time.GetElapsedTime(claim.LastByte, now) >= patience)];
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

    /// <summary>The list of the whole, once it is verified.</summary>
    public async Task<PieceList?> GetPieceListAsync(CancellationToken cancellationToken)
    {
        if (!_trust.HasPieces)
        {
            return null;
        }

        foreach (var block in _map.Blocks.Where(block => block.Hash is null))
        {
            block.Hash = await PrefixHash.OfAsync(_partial, block.Range, cancellationToken); // what an earlier run left
        }

        return new PieceList(_content.Length, [.. _map.Blocks.Select(block => block.Hash!.Value)]);
    }

    /// <inheritdoc cref="Trust.Blame"/>
    public void Blame(IEnumerable<FetchChannel> channels, PieceList? truth) => _trust.Blame(channels, truth);

    public void Dispose() => _hash.Dispose();

    private void Free(Claim claim)
    {
        claim.Revoke();
        if (!claim.IsWriting) // else the end of its write frees the blocks
        {
            _map.Release(claim);
        }
    }

    /// <summary>Hashes those blocks whose hash will be asked for, as their bytes pass.</summary>
    private Dictionary<Block, ContentHash?>? HashBlocks(Claim claim, long position, ReadOnlySpan<byte> bytes)
    {
        Dictionary<Block, ContentHash?>? hashes = null;
        while ((_trust.HasPieces || claim.Owner.IsPeer) && !bytes.IsEmpty)
        {
            var block = _map.BlockAt(position);
            var part = (int)Math.Min(bytes.Length, block.Range.End - position);
            if (claim.Hash(block, position, bytes[..part]) is { } hash)
            {
                (hashes ??= [])[block] = hash;
            }

            position += part;
            bytes = bytes[part..];
        }

        return hashes;
    }

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
            block.IsOfCrowd &= !claim.Owner.IsPeer || claim.IsOfCrowd;
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

    private async Task JudgeAsync(Block block, ContentHash? known, CancellationToken cancellationToken)
    {
        bool needsHash;
        lock (_lock)
        {
            needsHash = _trust.NeedsHash(block);
        }

        ContentHash? hash = !needsHash ? null : known ?? await PrefixHash.OfAsync(_partial, block.Range, cancellationToken);
        bool good;
        lock (_lock)
        {
            if (!block.IsFull)
            {
                return; // emptied meanwhile
            }

            good = _trust.Judge(block, hash);
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
}
