using AptP2P.Host.Fetching.Building;
using AptP2P.Host.Fetching.Channels;
using AptP2P.Host.Fetching.Crowd;

namespace AptP2P.Host.Fetching;

/// <summary>Gives the channels of one fetch their work, and hears how they fare.</summary>
internal sealed partial class FetchDispatcher(
    Content content, FetchEnvironment environment, FetchChannels channels, ContentBuilder builder, ContentWriter writer, CrowdPart crowd,
    FetchSituation situation, FetchTraffic traffic, ILogger logger) : IDispatcher
{
    private readonly Signal _reconsidered = new();

    public Content Content => content;

    public Task Changed => builder.WorkChanged.Next;

    /// <summary>Ends when something has happened that the policy may want to know.</summary>
    public Task Reconsidered => _reconsidered.Next;

    public bool IsAnythingOpen => builder.IsAnythingOpen;

    /// <remarks>The more there are, the more rarely each.</remarks>
    public TimeSpan LookAround =>
        environment.Options.LookAround * Math.Max(1, channels.All.Count / (double)environment.Options.LookAroundTogether);

    public TimeSpan AskIntervalOf(FetchChannel channel) => crowd.AskIntervalOf(channel);

    public bool IsNewsWanted(FetchChannel channel) => crowd.IsNewsWanted(channel);

    public async ValueTask<IAssignment?> NextAsync(FetchChannel channel)
    {
        var others = crowd.For(channel);
        var choice = builder.Plan(map =>
            situation.MayWork(channel)
                ? environment.Plan.Next(channel, situation.Crew(), map, others)
                : default);
        var (claim, revoked) = choice;
        channel.LookAgain = choice.LookAgain;
        channel.WasAsked |= claim is not null;
        channel.IdleSince = claim is not null ? null : channel.IdleSince ?? environment.Time.GetTimestamp();
        if (revoked is not null)
        {
            var isLate = revoked is { Received: 0, Owner.IsPeer: true, IsOfCrowd: false } && traffic.PeerBytes == 0;
            if (isLate && !environment.Channels.Peers.IsLate(revoked.Owner))
            {
                environment.Channels.Peers.WasLate(revoked.Owner);
            }

            await revoked.CancelAsync();
        }

        return claim is null ? null : new ChannelSink(builder, writer, claim, traffic, environment.Time);
    }

    public void Vote(FetchChannel channel, PieceList list) => builder.Vote(channel, list);

    public bool IsAlone(FetchChannel channel) => situation.IsAlone(channel);

    public void Reconsider() => _reconsidered.Pulse();

    public void Wake() => builder.WorkChanged.Pulse();

    public void Retire(FetchChannel channel, ChannelResult result)
    {
        channels.Retire(channel, result);
        Failed(channel);
    }

    /// <summary>Tells everybody whom it concerns that a channel was given up.</summary>
    public void Failed(FetchChannel channel)
    {
        var (outcome, reason, _) = channel.RetiredBy!.Value;
        LogChannel(channel.Channel.Name, content.Hash, outcome, reason);
        if (channel.IsOrigin && outcome != ChannelOutcome.Gone) // that says something of the file, not of its host
        {
            environment.Channels.Origins.WasInTrouble(channel.AtFault);
        }

        Reconsider();
        Wake();
    }

    [LoggerMessage(1200, LogLevel.Debug, "{Channel} does no more for {Hash}: {Outcome}, {Reason}")]
    private partial void LogChannel(string channel, ContentHash hash, ChannelOutcome outcome, string? reason);
}
