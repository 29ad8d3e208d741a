namespace AptP2P.Host.Fetching;

/// <summary>The hash of the whole, which decides.</summary>
internal sealed partial class ContentBuilder
{
    private readonly PrefixHash _hash = new();
    private bool _isHashing; // whoever sets it has the hash for itself

    /// <summary>Hashes what is there as it grows, until the whole is there and judged.</summary>
    /// <returns>Whether it is right. When it is not and peers had a part in it, their parts are fetched again first.</returns>
    public async Task<bool> VerifyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var progress = Progress.Next;
            if (TryBeginHashing() is not { } end)
            {
                await progress.WaitAsync(cancellationToken);
            }
            else if (_hash.Position < end)
            {
                await _hash.AppendAsync(_partial, end, cancellationToken);
                EndHashing();
            }
            else
            {
                var verdict = await ConcludeAsync(cancellationToken);
                EndHashing();
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

    /// <summary>Takes the hash of the whole for one who goes on with it, unless those bytes are hashed that have just arrived.</summary>
    /// <returns>Up to where to go on; nothing when there is nothing to do.</returns>
    private long? TryBeginHashing()
    {
        lock (_lock)
        {
            if (_isHashing)
            {
                return null;
            }

            if (_trust.TakeRejected() is { } from && from < _hash.Position)
            {
                _hash.Restart();
            }

            var end = HashablePrefix();
            _isHashing = _hash.Position < end || end == _content.Length;
            return _isHashing ? end : null;
        }
    }

    private void EndHashing()
    {
        lock (_lock)
        {
            _isHashing = false;
        }
    }

    /// <returns>The verdict, or nothing when parts are to be fetched again.</returns>
    private async Task<bool?> ConcludeAsync(CancellationToken cancellationToken)
    {
        var right = _hash.Finish() == _content.Hash;
        foreach (var block in _map.Blocks.Where(block => !right && block.Hash is null))
        {
            block.Hash = await PrefixHash.OfAsync(_partial, block.Range, cancellationToken); // to tell later whether anybody has read something wrong
        }

        lock (_lock)
        {
            if (_trust.HasRejected)
            {
                return null;
            }

            if (right)
            {
                IsVerified = true;
            }
            else if (!_map.Blocks.All(block => block is { IsOrigins: true, Giver: not null }))
            {
                _trust.Doubt();
            }
            else if (_dispute.Decide() is { Count: > 0 } again)
            {
                _trust.Doubt(again);
            }
            else
            {
                IsOriginsOwn = true;
            }
        }

        return IsVerified ? true : IsOriginsOwn ? false : null;
    }

    private async Task RemarkAsync()
    {
        await _partial.UnmarkAllAsync(CancellationToken.None);
        foreach (var block in _map.Blocks.Where(block => block.IsFull))
        {
            await _partial.MarkAsync(block.Range, CancellationToken.None);
        }
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
