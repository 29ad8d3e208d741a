using System.Collections.Immutable;
using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Building;
using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching.Crowd;

/// <summary>
/// The part that one fetch has in the crowd of those who are getting the same content: what it tells them, and what it leaves to them.
/// </summary>
/// <param name="self">This node's number.</param>
/// <param name="options">How often others are asked, and for how long they are waited for.</param>
/// <param name="environment">The time.</param>
/// <param name="channels">The others.</param>
/// <param name="builder">What is here.</param>
internal sealed class CrowdPart(
    ulong self, CrowdOptions options, ChannelEnvironment environment, FetchChannels channels, ContentBuilder builder)
{
    private int _met; // others, so far
    private long _lastMet; // a timestamp
    private long _since; // when it began to be shared (a timestamp)
    private bool _bringsAll;
    private bool _hasLeft; // what was on its way to another; once, or it would be asked for and left again and again

    /// <summary>Whether the origin's part of the work is shared.</summary>
    public bool IsShared { get; private set; }

    /// <summary>How far it is, for other nodes that are getting the content too.</summary>
    public FetchProgress? Progress => builder.ProgressOf(self, _bringsAll && IsSmall);

    /// <summary>
    /// After how long a peer that is getting the content too is asked again how far it is: the more there are, the later. Of a small file,
    /// of which many are got at the same moment, whoever neither has nor gets anything is asked more and more rarely.
    /// </summary>
    public TimeSpan AskIntervalOf(FetchChannel channel)
    {
        var often = builder.HasPieces && !(IsSmall && IsMeeting) ? options.CrowdAsk : options.CrowdAskSmall;
        var together = channels.All.Count(other => other is { IsRetired: false, Progress: not null });
        var isWaitedFor = !_bringsAll && channel.Progress is { } progress && progress.Gets.Contains(true);
        var rarely = IsSmall && !isWaitedFor ? Math.Pow(2, Math.Min(channel.Unchanged, options.CrowdAskRarely)) : 1;
        return often * Math.Max(1, together / (double)options.CrowdAskTogether) * rarely;
    }

    /// <summary>
    /// Whether it may change anything to hear how far a peer is: there is room to read from it, or what it has need not be asked of the
    /// origin.
    /// </summary>
    public bool IsNewsWanted(FetchChannel channel)
    {
        var crowd = Find();
        return builder.Plan(map => channel.Congestion.HasRoom(map.PeerClaims) || crowd.IsAnythingMissing(map));
    }

    /// <summary>With whom a channel's part of the work is shared, if it is.</summary>
    public IWorkShare? For(FetchChannel channel)
    {
        if (!IsShared || !channel.IsOrigin)
        {
            return null;
        }

        if (IsSmall && IsMeeting)
        {
            return new Nothing();
        }

        var crowd = Find();
        var isAllOurs = !builder.HasPieces && (channel.Waits > 0 || crowd.IsOurs(0));
        return isAllOurs ? null : new OriginShare(crowd, options, environment.Options.CrowdPatience, environment.Time);
    }

    /// <summary>
    /// Sets whether the origin's part of the work is shared. From the start of that, what is on its way and falls to others is left to
    /// them.
    /// </summary>
    /// <param name="shared">Whether it is.</param>
    /// <param name="bringsAll">Whether this node gets all of it from the origin itself, as it knows of nobody else.</param>
    public async Task ShareAsync(bool shared, bool bringsAll)
    {
        var isOnItsWay = IsSmall && builder.Plan(static map => map.Claims.Any(static claim => claim.Owner.IsOrigin));
        var isLeft = shared && isOnItsWay && !_hasLeft && !IsNearlyHere && Find().IsLeftToAnother(isBroughtHere: _bringsAll);
        if (shared && isOnItsWay && _bringsAll && !isLeft)
        {
            return; // the others have heard so, and wait for it
        }

        var begins = shared && !IsShared;
        (IsShared, _bringsAll, _hasLeft) = (shared, bringsAll, _hasLeft || isLeft);
        if (begins)
        {
            _since = environment.Time.GetTimestamp();
        }
        else if (!isLeft)
        {
            return;
        }

        var crowd = Find();
        var revoked = builder.Plan(map => isLeft ? CrowdShare.TakeAll(map) : crowd.TakeShare(map));
        builder.WorkChanged.Pulse();
        foreach (var claim in revoked)
        {
            await claim.CancelAsync();
        }
    }

    /// <summary>Whether only neighbours are asked again: one of those who have begun to get it from the origin brings all of it.</summary>
    private bool IsSmall => builder.Length < options.CrowdFrom.Bytes;

    /// <summary>Whether so little is missing that it would be more to begin anew, should the other one fail.</summary>
    private bool IsNearlyHere => builder.OpenBytes < builder.Length / 4;

    /// <summary>
    /// Whether it is still to be heard once more how far the others are. Those who asked this node before it had begun do not know of it,
    /// and go to the origin whatever falls to whom.
    /// </summary>
    private bool IsMeeting => IsShared && environment.Time.GetElapsedTime(_since) < options.CrowdMeeting;

    private CrowdShare Find()
    {
        ImmutableArray<FetchProgress> others = [.. channels.Live().Select(channel => channel.Progress).OfType<FetchProgress>()];
        if (others.Length > _met)
        {
            (_met, _lastMet) = (others.Length, environment.Time.GetTimestamp());
        }

        var isSettled = environment.Time.GetElapsedTime(_lastMet) >= options.CrowdSettling;
        return new CrowdShare(self, others, isSettled, isOnePiece: !builder.HasPieces);
    }
}

/// <summary>Nothing is asked of the origin yet.</summary>
file sealed class Nothing : IWorkShare
{
    public Block? Next(FetchChannel origin, BlockMap map, long now) => null;
}
