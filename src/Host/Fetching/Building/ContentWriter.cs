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
        if (part.Length == 0)
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

        foreach (var block in result.Full ?? [])
        {
            await JudgeAsync(block, hashes?.GetValueOrDefault(block));
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
    public async Task HashAsync(IEnumerable<UnhashedBlock> blocks, CancellationToken cancellationToken)
    {
        foreach (var block in blocks)
        {
            builder.SetHash(block, await PrefixHash.OfAsync(partial, block.Range, cancellationToken));
        }
    }

    /// <summary>
    /// Judges a block that is full. To its end, even when the channel that filled it is told to stop: nobody works at a full block, so
    /// nobody else would.
    /// </summary>
    private async Task JudgeAsync(Block block, ContentHash? known)
    {
        ContentHash? hash = !builder.NeedsHash(block) ? null : known ?? await ReadBackAsync(block);
        if (builder.Judge(block, hash) is not { } isBelieved)
        {
            return;
        }

        if (isBelieved)
        {
            await partial.MarkAsync(block.Range, CancellationToken.None);
        }
        else
        {
            builder.WorkChanged.Pulse();
        }
    }

    private async Task<ContentHash> ReadBackAsync(Block block)
    {
        try
        {
            return await PrefixHash.OfAsync(partial, block.Range, CancellationToken.None);
        }
        catch
        {
            builder.Lose(block);
            throw;
        }
    }
}
