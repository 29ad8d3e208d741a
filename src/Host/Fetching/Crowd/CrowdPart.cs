using System.Collections.Immutable;
using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Building;
using AptP2P.Host.Fetching.Channels;
using AptP2P.Host.Fetching.Trust;

namespace AptP2P.Host.Fetching.Crowd;

/// <summary>
/// The part that one fetch has in the crowd of those who are getting the same content: what it tells them, and what it leaves to them.
/// </summary>
internal sealed class CrowdPart(FetchEnvironment services, FetchChannels channels, ContentBuilder builder)
{
    private int _met; // others, so far
    private long _lastMet; // a timestamp

    /// <summary>Whether the origin's part of the work is shared.</summary>
    public bool IsShared { get; private set; }

    /// <summary>How far it is, for other nodes that are getting the content too.</summary>
    public FetchProgress? Progress => builder.Locked(ProgressOf);

    /// <summary>How often a peer that is getting the content too is asked how far it is: the more there are, the more rarely.</summary>
    public TimeSpan AskInterval =>
        services.Options.CrowdAsk
        * Math.Max(
            1,
            channels.All.Count(channel => channel is { IsRetired: false, Progress: not null }) / (double)services.Options.CrowdAskTogether);

    /// <summary>
    /// Whether it may change anything to hear how far a peer is: there is room to read from it, or what it has need not be asked of the
    /// origin.
    /// </summary>
    public bool IsNewsWanted(FetchChannel channel)
    {
        var crowd = Find();
        return builder.Locked((map, _) => channel.Congestion.HasRoom(map) || crowd.IsAnythingMissing(map));
    }

    /// <summary>With whom a channel's part of the work is shared, if it is.</summary>
    public CrowdShare? For(FetchChannel channel) => IsShared && !channel.IsPeer ? Find() : null;

    /// <summary>
    /// Sets whether the origin's part of the work is shared. From the start of that, what is on its way and falls to others is left to
    /// them.
    /// </summary>
    public async Task ShareAsync(bool shared)
    {
        var begins = shared && !IsShared;
        IsShared = shared;
        if (!begins)
        {
            return;
        }

        var crowd = Find();
        var revoked = builder.Locked((map, _) => crowd.TakeShare(map));
        builder.WorkChanged.Pulse();
        foreach (var claim in revoked)
        {
            await claim.CancelAsync();
        }
    }

    private FetchProgress? ProgressOf(BlockMap map, BlockTrust trust) =>
        trust.IsVerified || !trust.HasPieces
            ? null
            : new FetchProgress(
                services.Node,
                [.. map.Blocks.Select(block => trust.IsPieceGood(block.Index))],
                [
                    .. map.Blocks.Select(block =>
                        block.Claim is { IsRevoked: false, Owner.IsPeer: false } claim
                        && claim.Position < block.Range.End
                        && claim.Position >= block.Range.Start),
                ])
            {
                Passes = [.. map.Blocks.Select(block => trust.IsPiecePassed(block.Index))],
            };

    private CrowdShare Find()
    {
        ImmutableArray<FetchProgress> others = [.. channels.Live().Select(channel => channel.Progress).OfType<FetchProgress>()];
        if (others.Length > _met)
        {
            (_met, _lastMet) = (others.Length, services.Time.GetTimestamp());
        }

        return new CrowdShare(services.Node, others, isSettled: services.Time.GetElapsedTime(_lastMet) >= services.Options.CrowdSettling);
    }
}
