using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Building;

namespace AptP2P.Host.Fetching.Channels;

/// <summary>Keeps one channel at work for one fetch, until nothing is left to do or the channel has failed for good.</summary>
internal sealed class ChannelWorker(
    Fetch fetch, FetchChannel channel, SourceGates gates, PeerRecord peers, FetchOptions options, TimeProvider time)
{
    private long _asked; // what it has, and its piece list
    private TimeSpan _pause = options.SearchAgain; // before it is asked again though it did not say

    /// <summary>Whether it is not known yet what it has.</summary>
    private bool IsUnheard => channel is { IsPeer: true, Pieces: null, Progress: null } && PieceList.CountFor(fetch.Content.Length) > 1;

    /// <summary>
    /// After which time it is worth asking what it has: more by now if it is getting the content itself; and one that did not say may have
    /// been too busy to.
    /// </summary>
    private TimeSpan? AskAfter => channel.Progress is not null ? fetch.Crowd.AskInterval : IsUnheard ? _pause : null;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (IsUnheard)
        {
            await AskAsync(cancellationToken);
        }

        channel.IsReady = true;
        fetch.Reconsider();
        var hasWorked = false;
        while (!channel.IsRetired)
        {
            if (channel.MustSayPieces)
            {
                await HearAsync(cancellationToken);
                continue;
            }

            var changed = fetch.Builder.WorkChanged.Next;
            var claim = fetch.NextClaim(channel, out var revoked);
            if (revoked is not null)
            {
                await revoked.CancelAsync();
            }

            if (claim is not null)
            {
                await WorkAsync(claim, cancellationToken);
                hasWorked = true;
            }
            else if (hasWorked)
            {
                hasWorked = false;
                fetch.Builder.WorkChanged.Pulse(); // others may be read from in its place
            }
            else if (AskAfter is { } pause
                && fetch.Builder.IsAnythingOpen
                && time.GetElapsedTime(_asked) >= pause
                && (IsUnheard || fetch.Crowd.IsNewsWanted(channel)))
            {
                await AskAsync(cancellationToken);
                fetch.Reconsider();
            }
            else if (fetch.Builder.IsAnythingOpen)
            {
                // Without an exception for each time that nothing has changed; and it goes on where every other wait does.
                await changed.WaitAsync(fetch.LookAround, time, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
                cancellationToken.ThrowIfCancellationRequested();
            }
            else
            {
                await changed.WaitAsync(cancellationToken); // all is here; unless it turns out wrong, that is the end
            }
        }
    }

    /// <summary>
    /// Has a peer say its piece list itself, as what it gave does not fit what was told of it. One that does not is not read from any more.
    /// </summary>
    private async Task HearAsync(CancellationToken cancellationToken)
    {
        channel.MustSayPieces = false;
        await AskAsync(cancellationToken);
        if (channel is { HasSaidPieces: false, Progress: null })
        {
            fetch.Retire(
                channel,
                new ChannelResult(ChannelOutcome.Protocol, "sent bytes that do not match its piece list, and does not say another"));
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        _asked = time.GetTimestamp();
        var asking = await gates.StartAsync(
            channel.Source, () => new Call<PieceList?>(channel.Channel.GetPieceListAsync(cancellationToken).AsTask()), cancellationToken);
        if (await asking.Task is { } list && list.Length == fetch.Content.Length && channel.Pieces is null)
        {
            fetch.Builder.Vote(channel, list);
        }
        else if (IsUnheard)
        {
            _pause = _pause * 2 < options.SearchAgainMax ? _pause * 2 : options.SearchAgainMax;
        }
    }

    private async Task WorkAsync(Claim claim, CancellationToken cancellationToken)
    {
        ChannelResult result;
        long received;
        var silences = channel.Silences;
        channel.Latest.Begin();
        using (claim)
        using (var sink = new ChannelSink(fetch.Builder, claim, fetch.Traffic, time))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, claim.Revoked))
        {
            try
            {
                var reading = await gates.StartAsync(
                    channel.Source,
                    () => new Call<ChannelResult>(channel.Channel.ReadAsync(new ByteRange(claim.Position, claim.End), sink, either.Token)),
                    either.Token);
                result = await reading.Task;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                result = ChannelResult.Complete; // somebody faster has taken over
            }
            finally
            {
                channel.Latest.End();
                fetch.Builder.Release(claim);
            }

            received = sink.Received;
            channel.Measure(received, time.GetElapsedTime(claim.Began));
            if (channel.IsPeer && received > 0 && !claim.IsRevoked && claim.Position == claim.End)
            {
                peers.Delivered();
            }
        }

        // it lost its work for that, and must not take the next block hostage at once
        var wasSilent = received == 0 && channel.Silences > silences;
        channel.Failures = received > 0 || (result.Outcome == ChannelOutcome.Complete && !wasSilent) ? 0 : channel.Failures + 1;
        if (result.Outcome == ChannelOutcome.Complete && !wasSilent)
        {
            // A channel that has nothing more to say, and says so without a byte, would be asked for ever.
            if (received == 0 && !claim.IsRevoked && claim.Position < claim.End)
            {
                fetch.Retire(channel, new ChannelResult(ChannelOutcome.Protocol, "ended a read without its bytes"));
            }
        }
        else if (result.Outcome is ChannelOutcome.Gone or ChannelOutcome.Refused or ChannelOutcome.Protocol || fetch.IsAlone(channel)
            || (!wasSilent && channel.Failures >= Tolerance(result.Outcome)))
        {
            fetch.Retire(channel, result);
        }
        else if (channel.Failures > 0 || result.Outcome == ChannelOutcome.Busy)
        {
            var pause = result.RetryAfter ?? options.FirstPause * (1 << Math.Min(channel.Failures, 4));
            await Task.Delay(pause < options.LongestPause ? pause : options.LongestPause, time, cancellationToken);
        }
    }

    /// <summary>
    /// How many failures in a row a channel may have. A peer that has given nothing yet has one; one that is getting the content itself is
    /// busy.
    /// </summary>
    private int Tolerance(ChannelOutcome outcome) =>
        channel.IsPeer && (outcome == ChannelOutcome.Busy || channel.Progress is not null) ? options.BusyAnswers
        : !channel.IsPeer || channel.Rate > 0 ? options.Failures
        : 1;

    /// <summary>What was begun and is not waited for yet.</summary>
    private readonly record struct Call<T>(Task<T> Task);
}
