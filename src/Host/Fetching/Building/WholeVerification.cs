using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Channels;
using AptP2P.Host.Fetching.Trust;

namespace AptP2P.Host.Fetching.Building;

/// <summary>
/// The hash of the whole, which decides. Goes on as bytes come, so that little is left to hash when the last one is here.
/// </summary>
/// <param name="guard">The builder's lock.</param>
/// <param name="content">What it is to be.</param>
/// <param name="partial">Where its bytes are.</param>
/// <param name="map">Which are here.</param>
/// <param name="trust">What is believed of them.</param>
/// <param name="progress">Pulsed by the builder when bytes have come, and here when the whole is judged.</param>
/// <param name="workChanged">Pulsed when the whole is judged, since parts may have to be fetched again.</param>
internal sealed class WholeVerification(
    Lock guard, Content content, IPartialContent partial, BlockMap map, BlockTrust trust, Signal progress, Signal workChanged) : IDisposable
{
    /// <summary>Asked when all is one origin's answer and wrong: whether others may have it right. Ends with the wait for them.</summary>
    public Func<CancellationToken, Task<bool>> MayOthersGiveAsync { get; set; } = _ => Task.FromResult(false);

    private readonly PrefixHash _hash = new();
    private bool _isHashing; // whoever sets it has the hash for itself

    /// <summary>Hashes what is there as it grows, until the whole is there and judged.</summary>
    /// <returns>Whether it is right. When it is not and peers had a part in it, their parts are fetched again first.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var grown = progress.Next;
            if (TryBegin() is not { } end)
            {
                await grown.WaitAsync(cancellationToken);
            }
            else if (_hash.Position < end)
            {
                await _hash.AppendAsync(partial, end, cancellationToken);
                End();
            }
            else
            {
                var verdict = await ConcludeAsync(cancellationToken);
                End();
                if (verdict is false && await ResignAsync(cancellationToken))
                {
                    verdict = null;
                }

                if (verdict is not true)
                {
                    await RemarkAsync(verdict is null ? map.Blocks : []); // before anybody hears of it, gives up, and ends the fetch
                }

                progress.Pulse();
                workChanged.Pulse();
                if (verdict is not null)
                {
                    return verdict.Value;
                }
            }
        }
    }

    /// <summary>
    /// Takes the hash for one whose bytes have just arrived, if they are the next and nobody else is at it. Called under the lock.
    /// </summary>
    /// <returns>Whether <see cref="Continue"/> has to follow.</returns>
    public bool TryTake(FetchChannel giver, long position)
    {
        var isNext = !_isHashing && !giver.IsPeer && _hash.Position == position && !trust.HasRejected;
        _isHashing |= isNext;
        return isNext;
    }

    /// <summary>Goes on with bytes that need not be read back. Called outside of the lock.</summary>
    public void Continue(ReadOnlySpan<byte> bytes)
    {
        _hash.Append(bytes);
        End();
    }

    /// <summary>The list of the whole, once it is verified.</summary>
    public async Task<PieceList?> GetPieceListAsync(CancellationToken cancellationToken)
    {
        if (!trust.HasPieces)
        {
            return null;
        }

        await HashAsync(map.Blocks, cancellationToken); // what an earlier run left
        return new PieceList(content.Length, [.. map.Blocks.Select(block => block.Hash!.Value)]);
    }

    public void Dispose() => _hash.Dispose();

    /// <summary>Takes the hash of the whole for one who goes on with it, unless those bytes are hashed that have just arrived.</summary>
    /// <returns>Up to where to go on; nothing when there is nothing to do.</returns>
    private long? TryBegin()
    {
        lock (guard)
        {
            if (_isHashing)
            {
                return null;
            }

            if (trust.TakeRejected() is { } from && from < _hash.Position)
            {
                _hash.Restart();
            }

            var end = HashablePrefix();
            _isHashing = _hash.Position < end || end == content.Length;
            return _isHashing ? end : null;
        }
    }

    private void End()
    {
        lock (guard)
        {
            _isHashing = false;
        }
    }

    private async Task<bool?> ConcludeAsync(CancellationToken cancellationToken)
    {
        var right = _hash.Finish() == content.Hash;
        if (!right)
        {
            await HashAsync(map.Blocks, cancellationToken); // to tell later whether anybody has read something wrong
        }

        lock (guard)
        {
            return trust.Conclude(right);
        }
    }

    /// <summary>Sees to it that blocks, which are full, have their hash.</summary>
    public async Task HashAsync(IEnumerable<Block> blocks, CancellationToken cancellationToken)
    {
        foreach (var block in blocks.Where(block => block.Hash is null))
        {
            block.Hash = await PrefixHash.OfAsync(partial, block.Range, cancellationToken);
        }
    }

    /// <summary>Leaves what an origin has wrong to others, or takes it as it is.</summary>
    private async Task<bool> ResignAsync(CancellationToken cancellationToken)
    {
        var isOthersTurn = await MayOthersGiveAsync(cancellationToken);
        lock (guard)
        {
            if (isOthersTurn)
            {
                trust.Drop();
            }
            else
            {
                trust.Accept();
            }
        }

        return isOthersTurn;
    }

    private async Task RemarkAsync(IEnumerable<Block> kept)
    {
        await partial.UnmarkAllAsync(CancellationToken.None);
        foreach (var block in kept.Where(block => block.IsFull))
        {
            await partial.MarkAsync(block.Range, CancellationToken.None);
        }
    }

    /// <summary>What is worth hashing: all that is here in a row, but no peer's block before it has been judged.</summary>
    private long HashablePrefix()
    {
        foreach (var block in map.Blocks.SkipWhile(block => block.Range.End <= _hash.Position))
        {
            if (!block.IsFull || (block.Hash is null && !block.IsOrigins))
            {
                return block.IsOrigins ? block.Position : block.Range.Start;
            }
        }

        return content.Length;
    }
}
