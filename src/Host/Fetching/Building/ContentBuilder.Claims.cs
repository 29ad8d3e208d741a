using AptP2P.Host.Fetching.Blocks;

namespace AptP2P.Host.Fetching.Building;

/// <summary>What happens to claims, and to the blocks that come by them.</summary>
internal sealed partial class ContentBuilder
{
    /// <summary>What is left of a claim.</summary>
    public ByteRange RestOf(Claim claim)
    {
        lock (_lock)
        {
            return new(claim.Position, claim.End);
        }
    }

    /// <summary>Takes a claim away from its channel.</summary>
    public void Revoke(Claim claim)
    {
        lock (_lock)
        {
            _map.Revoke(claim);
        }
    }

    /// <summary>Ends a claim: what it did not fill is free again.</summary>
    public void Release(Claim claim)
    {
        bool isRestFree;
        lock (_lock)
        {
            isRestFree = claim.Position < claim.End;
            _map.Release(claim);
        }

        if (isRestFree)
        {
            WorkChanged.Pulse();
        }
    }

    /// <summary>
    /// Takes nothing more from anybody: a channel that does not end when it is told to must not write to what is another fetch's by then.
    /// </summary>
    public void Close()
    {
        lock (_lock)
        {
            foreach (var claim in _map.Claims.ToList())
            {
                _map.Revoke(claim);
            }
        }
    }

    /// <summary>
    /// The claims that nothing comes from, and since when, as a client sees it that waits since a moment: before its first byte, a claim is
    /// no excuse.
    /// </summary>
    /// <param name="began">The moment (a timestamp).</param>
    public IReadOnlyList<SilentClaim> Silent(long began)
    {
        lock (_lock)
        {
            return
            [
                .. _map.Claims.Select(claim =>
                    claim.Received > 0
                        ? new SilentClaim(claim, claim.LastByte, HasBegun: true)
                        : new SilentClaim(claim, Math.Min(claim.Began, Math.Max(began, _map.LastByte)), HasBegun: false)),
            ];
        }
    }

    /// <summary>Begins to write bytes of a claim to the partial file.</summary>
    /// <returns>Where, and how many of them; none when they are not wanted any more.</returns>
    public ByteRange BeginWrite(Claim claim, int count)
    {
        lock (_lock)
        {
            var part = new ByteRange(claim.Position, Math.Min(claim.Position + count, claim.End));
            if (claim.IsRevoked || part.Length <= 0)
            {
                return default;
            }

            claim.WritingTo = part.End;
            return part;
        }
    }

    /// <summary>Hashes bytes on their way to the file, if their blocks' hashes will be asked for.</summary>
    /// <returns>The hashes of the blocks that end here.</returns>
    public Dictionary<Block, ContentHash?>? HashBlocks(Claim claim, long position, ReadOnlySpan<byte> bytes) =>
        _blocks.HasPieces || claim.Owner.IsPeer ? claim.HashBlocks(_map, position, bytes) : null; // where blocks lie never changes

    /// <summary>Ends a write.</summary>
    public WriteResult EndWrite(Claim claim, ByteRange part, bool isWritten, long now)
    {
        lock (_lock)
        {
            claim.WritingTo = 0;
            claim.LastByte = _map.LastByte = now;
            if (claim.IsRevoked) // if it is only from here on, these bytes count
            {
                _map.Release(claim);
                return default;
            }

            return isWritten
                ? new(IsTaken: true, _map.Fill(claim, (int)part.Length), _hash.TryTake(claim.Owner, part.Start))
                : default;
        }
    }

    /// <summary>Whether a claim's channel is to bring more.</summary>
    public bool WantsMore(Claim claim)
    {
        lock (_lock)
        {
            return !claim.IsRevoked && claim.Position < claim.End && !claim.Owner.MustSayPieces;
        }
    }

    /// <inheritdoc cref="Trust.BlockTrust.NeedsHash"/>
    public bool NeedsHash(FilledBlock filled)
    {
        lock (_lock)
        {
            return _blocks.NeedsHash(filled.Block);
        }
    }

    /// <summary>Judges a full block by its hash.</summary>
    /// <returns>Whether it is believed; nothing when it was emptied meanwhile.</returns>
    public bool? Judge(FilledBlock filled, ContentHash? hash)
    {
        lock (_lock)
        {
            return filled.IsStillThere ? _blocks.Judge(filled.Block, hash) : null;
        }
    }

    /// <summary>A block could not be read back.</summary>
    public void Lose(FilledBlock filled)
    {
        lock (_lock)
        {
            if (filled is { IsStillThere: true, Block.IsOfPeers: true }) // others' are handed out as they are, and the whole decides
            {
                _map.Reset(filled.Block);
            }
        }

        WorkChanged.Pulse();
    }
}
