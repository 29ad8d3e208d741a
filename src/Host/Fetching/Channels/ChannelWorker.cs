using System.Diagnostics;
using AptP2P.Host.Telemetry;

namespace AptP2P.Host.Fetching.Channels;

/// <summary>Keeps one channel at work for one fetch, until nothing is left to do or the channel has failed for good.</summary>
internal sealed class ChannelWorker(IDispatcher dispatcher, FetchChannel channel, ChannelEnvironment environment)
{
    private readonly ChannelOptions _options = environment.Options;
    private readonly TimeProvider _time = environment.Time;
    private long _asked; // what it has, and its piece list
    private TimeSpan _pause = environment.Options.SearchAgain; // before it is asked again though it did not say

    private readonly bool _hasPieces = PieceList.CountFor(dispatcher.Content.Length) > 1;

    /// <summary>Whether it is not known yet what it has.</summary>
    private bool IsUnheard => _hasPieces && channel is { IsPeer: true, Pieces: null, Progress: null };

    /// <summary>
    /// After how long it is asked again what it has. One that is getting the content itself has more by then, and one that did not say may
    /// have been too busy to.
    /// </summary>
    private TimeSpan? AskAfter => channel.Progress is not null ? dispatcher.AskIntervalOf(channel) : IsUnheard ? _pause : null;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (IsUnheard || channel is { IsPeer: true, IsNear: true }) // a neighbour may be getting even a small file at this moment
        {
            await AskAsync(cancellationToken);
        }

        channel.IsReady = true;
        dispatcher.Reconsider();
        var hasWorked = false;
        while (!channel.IsRetired)
        {
            if (channel.MustSayPieces)
            {
                await HearAsync(cancellationToken);
                continue;
            }

            var changed = dispatcher.Changed;
            if (await dispatcher.NextAsync(channel) is { } assignment)
            {
                await WorkAsync(assignment, cancellationToken);
                hasWorked = true;
            }
            else if (hasWorked)
            {
                hasWorked = false;
                dispatcher.Wake(); // others may be read from in its place
            }
            else if (AskAfter is { } pause
                && dispatcher.IsAnythingOpen
                && _time.GetElapsedTime(_asked) >= pause
                && (IsUnheard || dispatcher.IsNewsWanted(channel)))
            {
                await AskAsync(cancellationToken);
                dispatcher.Reconsider();
            }
            else if (dispatcher.IsAnythingOpen)
            {
                // Without an exception each time that nothing has changed, and on the same scheduler as every other wait.
                await changed.WaitAsync(channel.LookAgain ?? dispatcher.LookAround, _time, cancellationToken)
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
    /// Asks a peer for its own piece list, since what it gave does not match what others told of it. One that does not say it is given up.
    /// </summary>
    private async Task HearAsync(CancellationToken cancellationToken)
    {
        channel.MustSayPieces = false;
        await AskAsync(cancellationToken);
        if (channel is { HasSaidPieces: false, Progress: null })
        {
            dispatcher.Retire(
                channel,
                new ChannelResult(ChannelOutcome.Protocol, "sent bytes that do not match its piece list, and does not say another"));
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        _asked = _time.GetTimestamp();
        var before = channel.Progress;
        var asking = await environment.Gates.StartAsync(
            channel.Source, () => new Call<PieceList?>(channel.Channel.GetPieceListAsync(cancellationToken).AsTask()), cancellationToken);
        var list = await asking.Task;
        channel.Unchanged = IsSame(before, channel.Progress) ? channel.Unchanged + 1 : 0;
        if (list is not null && _hasPieces && list.Length == dispatcher.Content.Length && channel.Pieces is null)
        {
            dispatcher.Vote(channel, list);
        }
        else if (IsUnheard)
        {
            _pause = _pause * 2 < _options.SearchAgainMax ? _pause * 2 : _options.SearchAgainMax;
        }
    }

    private static bool IsSame(FetchProgress? before, FetchProgress? now) =>
        before is not null
        && now is not null
        && before.Has.SequenceEqual(now.Has)
        && before.Gets.SequenceEqual(now.Gets)
        && before.Passes.SequenceEqual(now.Passes);

    private async Task WorkAsync(IAssignment assignment, CancellationToken cancellationToken)
    {
        ChannelResult result;
        long received;
        bool isCutShort; // by the channel itself
        var silences = channel.Silences;
        channel.Latest.Begin();
        using (assignment)
        using (var span = Tracing.Source.StartActivity("read", ActivityKind.Client))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, assignment.Revoked))
        {
            try
            {
                var reading = await environment.Gates.StartAsync(
                    channel.Source,
                    () => new Call<ChannelResult>(channel.Channel.ReadAsync(assignment.Rest, assignment, either.Token)),
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
                assignment.Release();
            }

            received = assignment.Received;
            span?.SetTag("aptp2p.source", channel.Source.Name).SetTag("aptp2p.outcome", SnakeCase.Of(result.Outcome))
                .SetTag("aptp2p.received", received);
            isCutShort = !assignment.IsRevoked && assignment.Rest.Length > 0;
            channel.Measure(received, _time.GetElapsedTime(assignment.Began));
            if (channel.IsPeer && received > 0 && !assignment.IsRevoked && !assignment.WasOutrun && !isCutShort)
            {
                environment.Peers.Delivered(channel);
            }
        }

        // it lost its work for that, and must not hold up the next block at once
        var wasSilent = received == 0 && channel.Silences > silences;
        channel.Failures = received > 0 || (result.Outcome == ChannelOutcome.Complete && !wasSilent) ? 0 : channel.Failures + 1;
        if (result.Outcome == ChannelOutcome.Complete && !wasSilent)
        {
            // A channel that has nothing more to say, and says so without a byte, would be asked for ever.
            if (received == 0 && isCutShort)
            {
                dispatcher.Retire(channel, new ChannelResult(ChannelOutcome.Protocol, "ended a read without its bytes"));
            }
        }
        else if (result.Outcome is ChannelOutcome.Gone or ChannelOutcome.Refused or ChannelOutcome.Protocol || dispatcher.IsAlone(channel)
            || (!wasSilent && channel.Failures >= Tolerance(result.Outcome)))
        {
            dispatcher.Retire(channel, result);
        }
        else if (channel.Failures > 0 || result.Outcome == ChannelOutcome.Busy)
        {
            channel.IdleSince ??= _time.GetTimestamp();
            var pause = result.RetryAfter ?? _options.FirstPause * (1 << Math.Min(channel.Failures, 4));
            await Task.Delay(pause < _options.LongestPause ? pause : _options.LongestPause, _time, cancellationToken);
        }
    }

    /// <summary>
    /// How many failures in a row a channel may have. A peer that has given nothing yet has one; one that is getting the content itself is
    /// busy.
    /// </summary>
    private int Tolerance(ChannelOutcome outcome) =>
        channel.IsPeer && (outcome == ChannelOutcome.Busy || channel.Progress is not null) ? _options.BusyAnswers
        : channel.IsOrigin || channel.Rate > 0 ? _options.Failures
        : 1;

    /// <summary>What was begun and is not waited for yet.</summary>
    private readonly record struct Call<T>(Task<T> Task);
}
