using AptP2P.Host.Fetching.Trust;
using AptP2P.Host.Telemetry;

namespace AptP2P.Host.Fetching.Building;

/// <summary>The hash of the whole, which decides: hashes what has come while the rest is on its way, and has the last word.</summary>
internal sealed class WholeVerification(Content content, IPartialContent partial, ContentBuilder builder, ContentWriter writer)
{
    /// <summary>Hashes what is there as it grows, until the whole is there and judged.</summary>
    /// <param name="mayOthersGiveAsync">
    /// Asked when all is one origin's answer and wrong: whether others may have it right. Ends with the wait for them.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Whether it is right. When it is not and peers had a part in it, their parts are fetched again first.</returns>
    public async Task<bool> RunAsync(Func<CancellationToken, Task<bool>> mayOthersGiveAsync, CancellationToken cancellationToken)
    {
        while (true)
        {
            var grown = builder.Progress.Next;
            if (builder.TryTakeHash() is not { } end)
            {
                await grown.WaitAsync(cancellationToken);
            }
            else if (builder.Hash.Position < end)
            {
                await builder.Hash.AppendAsync(partial, end, cancellationToken);
                builder.GiveHashBack();
            }
            else
            {
                var verdict = await ConcludeAsync(mayOthersGiveAsync, cancellationToken);
                if (verdict != Verdict.Right)
                {
                    // before anybody hears of it, gives up, and ends the fetch
                    await RemarkAsync(verdict == Verdict.Again ? builder.FullRanges() : []);
                }

                builder.Progress.Pulse();
                builder.WorkChanged.Pulse();
                if (verdict != Verdict.Again)
                {
                    return verdict == Verdict.Right;
                }
            }
        }
    }

    /// <summary>The list of the whole, once it is verified; nothing for a single piece.</summary>
    public async Task<PieceList?> GetPieceListAsync(CancellationToken cancellationToken)
    {
        if (!builder.HasPieces)
        {
            return null;
        }

        await writer.HashAsync(builder.Unhashed(), cancellationToken); // what an earlier run left
        return builder.Pieces();
    }

    private async Task<Verdict> ConcludeAsync(Func<CancellationToken, Task<bool>> mayOthersGiveAsync, CancellationToken cancellationToken)
    {
        using var span = Tracing.Source.StartActivity("verification");
        var isRight = builder.Hash.Finish() == content.Hash;
        if (!isRight)
        {
            await writer.HashAsync(builder.Unhashed(), cancellationToken); // to tell later whether anybody has read something wrong
        }

        var verdict = builder.Conclude(isRight);
        builder.GiveHashBack();
        span?.SetTag("aptp2p.verdict", SnakeCase.Of(verdict));
        if (verdict != Verdict.Wrong)
        {
            return verdict;
        }

        var isOthersTurn = await mayOthersGiveAsync(cancellationToken);
        builder.Resign(isOthersTurn);
        return isOthersTurn ? Verdict.Again : Verdict.Wrong;
    }

    private async Task RemarkAsync(IEnumerable<ByteRange> kept)
    {
        await partial.UnmarkAllAsync(CancellationToken.None);
        foreach (var range in kept)
        {
            await partial.MarkAsync(range, CancellationToken.None);
        }
    }
}
