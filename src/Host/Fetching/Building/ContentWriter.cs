using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Trust;

namespace AptP2P.Host.Fetching.Building;

/// <summary>Writes to the partial file what channels bring, and has each block judged when it is full.</summary>
internal sealed class ContentWriter(ContentBuilder builder, IPartialContent partial)
{
    /// <summary>Why what comes cannot be written, once that is so. It is no channel's fault.</summary>
    public IOException? DiskFailure { get; private set; }

    /// <summary>Takes the bytes that a channel brought.</summary>
    /// <returns>Whether it should bring more.</returns>
    public async ValueTask<bool> AcceptAsync(Claim claim, ReadOnlyMemory<byte> bytes, long now, CancellationToken cancellationToken)
    {
        var part = builder.BeginWrite(claim, bytes.Length);
        if (part.Length <= 0)
        {
            return false;
        }

        bytes = bytes[..(int)part.Length];
        var hashes = builder.HashBlocks(claim, part.Start, bytes.Span);
        var isWritten = false;
        WriteResult result;
        try
        {
            await partial.WriteAsync(part.Start, bytes, cancellationToken);
            isWritten = true;
        }
        catch (IOException e)
        {
            DiskFailure = e;
        }
        finally
        {
            result = builder.EndWrite(claim, part, isWritten, now);
        }

        if (!result.IsTaken)
        {
            builder.WorkChanged.Pulse();
            return false;
        }

        if (result.IsNext)
        {
            builder.Hash.Append(bytes.Span);
            builder.GiveHashBack();
        }

        if (result.Full is { } full)
        {
            foreach (var filled in full)
            {
                await JudgeAsync(filled, hashes?.GetValueOrDefault(filled.Block));
            }
        }

        builder.Progress.Pulse();
        return builder.WantsMore(claim);
    }

    /// <summary>Lets a claim bring what is before it as well, in place of what is there.</summary>
    /// <returns>Whether it may; not where peers had a part in that, whose work is worth more than an origin's second copy.</returns>
    public async ValueTask<bool> TryRestartAsync(Claim claim, CancellationToken cancellationToken)
    {
        if (builder.UnhashedBefore(claim) is not { } before)
        {
            return false;
        }

        await HashAsync(before, cancellationToken); // to tell later whether anybody has read something wrong
        await partial.UnmarkAllAsync(CancellationToken.None); // at worst a restart forgets what was good
        return builder.TryRestart(claim);
    }

    /// <summary>Reads blocks back, and hashes them.</summary>
    public async Task HashAsync(IEnumerable<FilledBlock> blocks, CancellationToken cancellationToken)
    {
        foreach (var filled in blocks)
        {
            builder.SetHash(filled, await PrefixHash.OfAsync(partial, filled.Block.Range, cancellationToken));
        }
    }

    /// <summary>
    /// Judges a block that is full. To its end, even when the channel that filled it is told to stop: nobody works at a full block, so
    /// nobody else would.
    /// </summary>
    private async Task JudgeAsync(FilledBlock filled, ContentHash? known)
    {
        ContentHash? hash = !builder.NeedsHash(filled) ? null : known ?? await ReadBackAsync(filled);
        if (builder.Judge(filled, hash) is not { } isBelieved)
        {
            return;
        }

        if (isBelieved)
        {
            await partial.MarkAsync(filled.Block.Range, CancellationToken.None);
        }
        else
        {
            builder.WorkChanged.Pulse();
        }
    }

    private async Task<ContentHash> ReadBackAsync(FilledBlock filled)
    {
        try
        {
            return await PrefixHash.OfAsync(partial, filled.Block.Range, CancellationToken.None);
        }
        catch
        {
            builder.Lose(filled);
            throw;
        }
    }
}
