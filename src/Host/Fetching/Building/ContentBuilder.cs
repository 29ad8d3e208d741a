using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Channels;
using AptP2P.Host.Fetching.Trust;

namespace AptP2P.Host.Fetching.Building;

/// <summary>
/// Puts a content together from what channels bring: who fills which block, and which bytes may be handed out before the whole is known to
/// be right. The partial file holds the bytes, <see cref="Trust"/> what is believed of them, and <see cref="Verification"/> has the last
/// word.
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

    /// <param name="content">What it is to be.</param>
    /// <param name="partial">Where its bytes go.</param>
    /// <param name="origins">The origins that have not failed.</param>
    public ContentBuilder(Content content, IPartialContent partial, Func<IReadOnlyList<FetchChannel>> origins)
    {
        (_content, _partial, _map) = (content, partial, new BlockMap(content.Length));
        Dispute = new OriginDispute(_map, origins);
        Trust = new BlockTrust(content, _map, Dispute);
        Verification = new WholeVerification(_lock, content, partial, _map, Trust, Progress, WorkChanged);
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

    /// <summary>
    /// What is believed of the blocks. A single value may be read at any time; all else goes through <see cref="Locked"/>.
    /// </summary>
    public BlockTrust Trust { get; }

    /// <summary>Which origin is believed.</summary>
    public OriginDispute Dispute { get; }

    public WholeVerification Verification { get; }

    /// <summary>Why what comes cannot be written, once that is so. It is no channel's fault.</summary>
    public IOException? DiskFailure { get; private set; }

    /// <summary>Whether anything is left to fetch, as far as is known.</summary>
    public bool IsAnythingOpen => !Locked((map, _) => map.IsFull);

    /// <summary>Up to where a reader may read.</summary>
    public long Servable
    {
        get
        {
            lock (_lock)
            {
                return Trust.IsVerified || Trust.IsOriginsOwn
                    ? _content.Length
                    : Math.Clamp(Trust.Prefix(), 0, Math.Max(0, _content.Length - HeldBack));
            }
        }
    }

    /// <summary>Whether one origin has to give everything.</summary>
    public bool WantsOneAnswer => Dispute.HasSole; // asked for each channel: without the lock

    /// <inheritdoc cref="OriginDispute.MayWork"/>
    public bool WantsFrom(FetchChannel origin)
    {
        lock (_lock)
        {
            return Dispute.MayWork(origin);
        }
    }

    public T Locked<T>(Func<BlockMap, BlockTrust, T> read)
    {
        lock (_lock)
        {
            return read(_map, Trust);
        }
    }

    public void Vote(FetchChannel channel, PieceList list)
    {
        lock (_lock)
        {
            Trust.Vote(channel, list);
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

        var (written, isTaken) = (false, false);
        // those that will be asked for
        var hashes = Trust.HasPieces || claim.Owner.IsPeer ? claim.HashBlocks(_map, position, bytes.Span) : null;
        List<Block>? full = null;
        var isNext = false; // for the hash of the whole
        try
        {
            await _partial.WriteAsync(position, bytes, cancellationToken);
            written = true;
        }
        catch (IOException e)
        {
            DiskFailure = e;
        }
        finally
        {
            lock (_lock)
            {
                claim.WritingTo = 0;
                claim.LastByte = _map.LastByte = now;
                isTaken = claim.IsRevoked; // if it is only from here on, these bytes count
                if (isTaken)
                {
                    _map.Release(claim);
                }
                else if (written)
                {
                    full = _map.Fill(claim, bytes.Length);
                    isNext = Verification.TryTake(claim.Owner, position);
                }
            }
        }

        if (isTaken || !written)
        {
            WorkChanged.Pulse();
            return false;
        }

        if (isNext)
        {
            Verification.Continue(bytes.Span);
        }

        foreach (var block in full ?? [])
        {
            await JudgeAsync(block, hashes?.GetValueOrDefault(block));
        }

        Progress.Pulse();
        lock (_lock)
        {
            return !claim.IsRevoked && claim.Position < claim.End && !claim.Owner.MustSayPieces;
        }
    }

    /// <summary>Lets a claim bring what is before it as well, in place of what is there.</summary>
    /// <returns>Whether it may; not where peers had a part in that, whose work is worth more than an origin's second copy.</returns>
    public async ValueTask<bool> TryRestartAsync(Claim claim, CancellationToken cancellationToken)
    {
        if (Locked((map, _) => map.Before(claim)) is not { } before)
        {
            return false;
        }

        await Verification.HashAsync(before, cancellationToken); // to tell later whether anybody has read something wrong
        await _partial.UnmarkAllAsync(CancellationToken.None); // at worst a restart forgets what was good
        return Locked((_, trust) => trust.TryRestart(claim));
    }

    /// <summary>Takes a claim away from its channel.</summary>
    public void Revoke(Claim claim)
    {
        lock (_lock)
        {
            _map.Revoke(claim);
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
    public IReadOnlyList<(Claim Claim, long Since)> Silent(long began)
    {
        lock (_lock)
        {
            return
            [
                .. _map.Claims.Select(claim =>
                    (claim, claim.Received > 0 ? claim.LastByte : Math.Min(claim.Began, Math.Max(began, _map.LastByte)))),
            ];
        }
    }

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

    public void Dispose() => Verification.Dispose();

    /// <summary>
    /// Judges a block that is full. To its end, even when the channel that filled it is told to stop: nobody works at a full block, so
    /// nobody else would.
    /// </summary>
    private async Task JudgeAsync(Block block, ContentHash? known)
    {
        bool needsHash;
        lock (_lock)
        {
            needsHash = Trust.NeedsHash(block);
        }

        ContentHash? hash = !needsHash ? null : known ?? await ReadBackAsync(block);
        bool good;
        lock (_lock)
        {
            if (!block.IsFull)
            {
                return; // emptied meanwhile
            }

            good = Trust.Judge(block, hash);
        }

        if (good)
        {
            await _partial.MarkAsync(block.Range, CancellationToken.None);
        }
        else
        {
            WorkChanged.Pulse();
        }
    }

    private async Task<ContentHash> ReadBackAsync(Block block)
    {
        try
        {
            return await PrefixHash.OfAsync(_partial, block.Range, CancellationToken.None);
        }
        catch
        {
            lock (_lock)
            {
                if (!block.IsOrigins) // those are handed out as they are, and the whole decides
                {
                    _map.Reset(block);
                }
            }

            WorkChanged.Pulse();
            throw;
        }
    }
}
