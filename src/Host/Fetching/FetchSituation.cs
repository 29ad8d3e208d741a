using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Building;
using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching;

/// <summary>
/// How one fetch stands: what its policy decides by, which of its channels may work, and whether anything may still come of them.
/// </summary>
/// <param name="environment">The time.</param>
/// <param name="channels">The fetch's channels.</param>
/// <param name="search">What may still come of the sources.</param>
/// <param name="builder">What is here.</param>
/// <param name="origins">Which origins may work.</param>
/// <param name="traffic">What came from whom.</param>
/// <param name="local">Whether copies at hand do.</param>
/// <param name="distrustsPeers">Whether peers lied about this content before.</param>
internal sealed class FetchSituation(
    FetchEnvironment environment, FetchChannels channels, SourceSearch search, ContentBuilder builder, OriginTurns origins,
    FetchTraffic traffic, LocalTurn local, bool distrustsPeers)
{
    private long _lastProgress = environment.Time.GetTimestamp();
    private long _lastServable;
    private long? _firstPeer; // when it was ready
    private long? _originFailed; // when nobody else was left either
    private bool _isOriginDue; // whatever the policy says

    /// <summary>When the fetch began (a timestamp).</summary>
    public long Began { get; } = environment.Time.GetTimestamp();

    /// <summary>How long ago that was.</summary>
    public TimeSpan Elapsed => environment.Time.GetElapsedTime(Began);

    /// <summary>How long the rest will take, going by all that has come. What has only begun is given a chance.</summary>
    public TimeSpan TimeLeft
    {
        get
        {
            var left = builder.OpenBytes;
            var came = traffic.Bytes;
            return left == 0 || Elapsed < environment.Channels.Options.Silence ? TimeSpan.Zero
                : came == 0 ? TimeSpan.MaxValue
                : Elapsed * Math.Min((double)left / came, 1e6);
        }
    }

    /// <summary>Whether only the origin is to be believed. An earlier deception counts as long as there is an origin to turn to.</summary>
    private bool PeersDistrusted => builder.PeersDistrusted || builder.WantsOneAnswer || (distrustsPeers && search.IsOriginLeft);

    private bool DoesLocalCarry => local.Carries && !PeersDistrusted;

    /// <summary>Whether peers may be asked for what the origins have wrong.</summary>
    public bool MayAskPeers => !distrustsPeers && !builder.PeersDistrusted;

    /// <summary>Whether a peer is there that may have all of it.</summary>
    public bool HasPeer =>
        builder.CanVerifyPeers && channels.Live().Exists(channel => channel is { IsPeer: true, IsReady: true, Progress: null });

    /// <summary>
    /// Whether nobody but this channel can serve now: then an origin is asked once, and apt, which hears how that ended, asks again by its
    /// own rules.
    /// </summary>
    public bool IsAlone(FetchChannel channel)
    {
        var working = origins.Working();
        return channel.IsOrigin
            && !channels.Live().Exists(other => other.IsOrigin ? other.Host != channel.Host : other.IsReady && MayWork(other, working));
    }

    /// <summary>What the policy is told. For the coordinator alone: each call notes whether there is progress.</summary>
    public FetchState Read()
    {
        var now = environment.Time.GetTimestamp();
        var servable = builder.Servable;
        if (servable > _lastServable)
        {
            (_lastServable, _lastProgress) = (servable, now);
        }

        var live = channels.Live();
        var peers = builder.CanVerifyPeers ? live.FindAll(channel => channel is { IsPeer: true, IsReady: true, Progress: null }) : [];
        _firstPeer ??= peers.Count > 0 ? now : null;
        var working = origins.Working();
        return new FetchState
        {
            Length = builder.Length,
            Elapsed = environment.Time.GetElapsedTime(Began, now),
            SinceProgress = environment.Time.GetElapsedTime(_lastProgress, now),
            Peers = peers.Count,
            Neighbours = peers.Count(channel => channel.IsNear),
            AwaitsNeighbours = search.AwaitsNeighbours,
            SincePeers = environment.Time.GetElapsedTime(_firstPeer ?? now, now),
            Crowd = live.Count(channel =>
                channel is { IsReady: true, Progress: not null } && (channel.IsNear || environment.IsForCrowd(builder.Length))),
            PeerBytes = traffic.PeerBytes,
            PeersLate = environment.Channels.Peers is not { AreLate: false, AreSlow: false, AreProven: true },
            SearchesVain = environment.Channels.Peers.AreSearchesVain,
            SearchFinished = search.IsFinished,
            HasOrigin = search.HasOrigin,
            OriginFailed = search.HasOriginFailed,
            PeersDistrusted = PeersDistrusted,
            Origins = working.Count,
            SpareOrigins = origins.Spare,
            SinceOrigin = origins.SinceLast,
            OriginRate = working.Sum(channel => channel.Latest.Current),
            PeersRate = live.Where(channel => channel.IsPeer).Sum(channel => channel.Latest.Current),
            OriginSpeed = working.Count > 0 ? Blocks.Crew.SpeedOf(working) : search.OriginSpeed,
            PeersSpeed = Blocks.Crew.SpeedOf(peers),
        };
    }

    /// <summary>What is done as long as copies at hand bring all of it: nobody else is asked.</summary>
    public SourcePlan? PlanOfLocal() =>
        local.Judge() is { } lookAgain && !PeersDistrusted ? new SourcePlan(Origin: false, PeerUse.None, lookAgain) : null;

    /// <summary>
    /// A plan, with an origin at work in any case once no byte has come from anywhere for too long: a policy may be wrong, and apt gives
    /// up.
    /// </summary>
    public SourcePlan Insist(in SourcePlan plan)
    {
        _isOriginDue |= SinceByte >= environment.Channels.Options.OriginAnyway;
        return _isOriginDue && !IsOriginIn(plan) && search.IsOriginLeft
            ? plan with
            {
                Origin = true,
                Origins = Math.Max(1, plan.Origins),
                Shared = false,
            }
            : plan;
    }

    /// <summary>When that will be so; nothing once it is.</summary>
    public TimeSpan? UntilOriginAnyway =>
        search.IsOpeningOrigin ? search.UntilOriginOpened
        : _isOriginDue || !search.IsOriginLeft ? null
        : environment.Channels.Options.OriginAnyway - SinceByte is { Ticks: > 0 } left ? left : TimeSpan.FromMilliseconds(1);

    private TimeSpan SinceByte => environment.Time.GetElapsedTime(Math.Max(Began, builder.LastByte));

    private static bool IsOriginIn(in SourcePlan plan) => plan is { Origin: true, Origins: > 0 };

    /// <summary>Why nothing more will come, if so.</summary>
    public FetchFailure? Exhausted()
    {
        if (search.IsOriginLeft || DoesLocalCarry || !builder.IsAnythingOpen)
        {
            return null;
        }

        _originFailed ??= environment.Time.GetTimestamp();
        var waited = environment.Time.GetElapsedTime(Math.Max(builder.LastByte, _originFailed.Value));
        var isAnotherLeft = waited < environment.Options.Patience ? channels.IsAnotherLeft : channels.Live().Exists(MayBring);
        var mayGoOn = !PeersDistrusted && (isAnotherLeft || UntilSearchIsVain > TimeSpan.Zero);
        return mayGoOn ? null
            : channels.FirstFailed is { } failed ? FetchFailure.Of(failed)
            : new FetchFailure(ChannelOutcome.Gone, "no source has it");
    }

    /// <summary>
    /// Whether anything may still come of a peer. Nodes that have all lost their origin, and have what the others have, would wait for each
    /// other for ever.
    /// </summary>
    private bool MayBring(FetchChannel channel) =>
        !channel.IsOrigin
        && (channel.Progress is not { } progress
            || progress.Gets.Contains(true)
            || builder.Plan(map =>
                map.Blocks.Skip(map.FirstOpen)
                    .Any(block => !block.IsFull && channel.Channel.MayHave(new ByteRange(block.Position, block.Range.End)))));

    /// <summary>For how long peers are still looked for when nobody else is left; nothing if they are not, or no longer.</summary>
    public TimeSpan? UntilSearchIsVain
    {
        get
        {
            if (_originFailed is not { } since || !search.MayFindPeers)
            {
                return null;
            }

            // What apt asks for again by itself must not take longer with us. What it takes for lasting it gives up for good, so there any
            // peer is worth a wait.
            var isLasting = channels.FirstFailed?.RetiredBy is not
                { Outcome: ChannelOutcome.Busy or ChannelOutcome.Cut or ChannelOutcome.Timeout };
            var left = isLasting
                ? environment.Options.Patience - environment.Time.GetElapsedTime(_lastProgress)
                : environment.Options.LastSearch - environment.Time.GetElapsedTime(since);
            return left > TimeSpan.Zero ? left : null;
        }
    }

    /// <summary>When the first silence lasts as long as apt's patience.</summary>
    public TimeSpan UntilSilent =>
        builder.Silent(Began) is { Count: > 0 } claims
            ? environment.Options.Patience - environment.Time.GetElapsedTime(claims.Min(claim => claim.Since)) is { Ticks: > 0 } left
                ? left
                : TimeSpan.FromMilliseconds(1)
            : environment.Options.Patience;

    /// <summary>The claims that nothing comes from, for as long as apt would wait.</summary>
    public IEnumerable<SilentClaim> Silent() =>
        builder.Silent(Began).Where(claim => environment.Time.GetElapsedTime(claim.Since) >= environment.Options.Patience);

    /// <summary>Whether a channel may be given work.</summary>
    public bool MayWork(FetchChannel channel) => MayWork(channel, origins.Working());

    /// <summary>Those who share the work.</summary>
    public Crew Crew()
    {
        // Somebody may still come. Where no peer has ever been met, an origin is asked for all at once, and whoever comes splits that.
        var record = environment.Channels.Peers;
        var expected =
            !DoesLocalCarry
            && ((search.IsOpeningPeers && !PeersDistrusted && !record.AreSearchesVain && !record.AreUnknown)
            || (search.HasOrigin && !search.IsOriginOpened))
                ? 1
                : 0;
        var working = origins.Working();
        return new Crew([.. channels.All.Where(channel => !channel.IsRetired && MayWork(channel, working))], expected)
        {
            DoesLocalCarry = DoesLocalCarry,
            ComingOriginSpeed = search.HasOrigin && !search.IsOriginOpened ? search.OriginSpeed : 0,
        };
    }

    private bool MayWork(FetchChannel channel, List<FetchChannel> working) =>
        channel.IsOrigin ? working.Contains(channel)
        : !PeersDistrusted
            && (channel.IsLocal || builder.CanVerifyPeers || channel.Progress is not null || !search.IsOriginLeft);
}
