using System.Diagnostics;
using AptP2P.Host.Fetching.Building;
using AptP2P.Host.Fetching.Channels;
using AptP2P.Host.Fetching.Crowd;
using AptP2P.Host.Telemetry;

namespace AptP2P.Host.Fetching;

/// <summary>
/// Has the policy look at one fetch again and again, opens channels as it decides, and sees to it that none holds up what apt waits for.
/// </summary>
internal sealed class FetchCoordinator(
    FetchEnvironment environment, FetchChannels channels, SourceSearch search, ContentBuilder builder, ContentWriter writer,
    CrowdPart crowd, OriginTurns origins, FetchSituation situation, FetchDispatcher dispatcher, ChannelOpener opener)
{
    private (bool Origin, PeerUse Peers)? _traced;
    private readonly WaitLesson _lesson = new(environment.Channels.Peers, channels);

    /// <summary>How soon to look at the front again; in a crowd it may well be others' to bring.</summary>
    private TimeSpan? UntilFront => !crowd.IsShared && builder.Plan(map => map.IsFrontLeft) ? dispatcher.LookAround : null;

    /// <summary>Goes on until the content is verified, or cannot be had.</summary>
    /// <param name="verified">Ends when it is decided whether the whole is right.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Why it cannot be had, if so.</returns>
    public async Task<FetchFailure?> RunAsync(Task verified, CancellationToken cancellationToken)
    {
        opener.OpenLocal(cancellationToken);
        while (!verified.IsCompleted)
        {
            var changed = Task.WhenAny(dispatcher.Reconsidered, dispatcher.Changed);
            var state = situation.Read();
            var plan = situation.Insist(situation.PlanOfLocal() ?? await environment.Policy.DecideAsync(state));
            _lesson.Learn(state, plan);
            Trace(plan);
            await ApplyAsync(plan, cancellationToken);
            if (situation.Exhausted() is { } failure)
            {
                return failure;
            }

            await GiveUpSilentAsync();
            await PutFrontFirstAsync();
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var askAgain = Soonest(
                situation.UntilSilent, plan.AskAgain, search.UntilRepeat, situation.UntilSearchIsVain, UntilFront,
                situation.UntilOriginAnyway);
            await Task.WhenAny(verified, changed, Task.Delay(askAgain, environment.Time, pause.Token));
            await pause.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested(); // or this would spin until the verification has noticed too
            if (writer.DiskFailure is { } disk)
            {
                throw new IOException(disk.Message, disk);
            }
        }

        return null;
    }

    private static TimeSpan Soonest(TimeSpan first, params ReadOnlySpan<TimeSpan?> others)
    {
        foreach (var other in others)
        {
            first = other < first ? other.Value : first;
        }

        return first;
    }

    /// <summary>Notes in the fetch's span that others work at it from now on.</summary>
    private void Trace(SourcePlan plan)
    {
        if (Activity.Current is { } span && _traced != (plan.Origin, plan.Peers))
        {
            _traced = (plan.Origin, plan.Peers);
            span.AddEvent(new("plan", tags: new() { ["aptp2p.origin"] = plan.Origin, ["aptp2p.peers"] = SnakeCase.Of(plan.Peers) }));
        }
    }

    private async Task ApplyAsync(SourcePlan plan, CancellationToken cancellationToken)
    {
        await crowd.ShareAsync(plan.Shared, bringsAll: plan.Origin && !plan.Shared);
        if (origins.Allow(plan.Origin ? plan.Origins : 0))
        {
            dispatcher.Wake();
        }

        if (plan.Origin)
        {
            opener.OpenOrigin(cancellationToken);
        }

        opener.OpenPeers(plan.Peers, cancellationToken);
        opener.SearchAgain(cancellationToken);
    }

    /// <summary>Ends the reads that nothing comes from, also where nobody is there to take them over.</summary>
    private async Task GiveUpSilentAsync()
    {
        foreach (var (claim, _, hasBegun) in situation.Silent())
        {
            var answer = hasBegun ? new OriginAnswer(StatusCodes.Status200OK, null, HasBody: true) : (OriginAnswer?)null;
            channels.Retire(claim.Owner, new ChannelResult(ChannelOutcome.Timeout, "sends nothing") { Answer = answer });
            builder.Revoke(claim);
            await claim.CancelAsync();
            dispatcher.Failed(claim.Owner);
        }
    }

    /// <summary>Has somebody work at what apt waits for.</summary>
    private async Task PutFrontFirstAsync()
    {
        if (!crowd.IsShared && builder.Plan(environment.Plan.MakeWayForFront) is { } claim)
        {
            await claim.CancelAsync();
        }
    }
}
