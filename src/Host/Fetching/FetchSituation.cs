using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Building;
using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching;

/// <summary>
/// How one fetch stands: what its policy decides by, which of its channels may work, and whether anything may still come of them.
/// </summary>
/// <param name="services">The time.</param>
/// <param name="channels">The fetch's channels.</param>
/// <param name="builder">What is here.</param>
/// <param name="origins">Which origins may work.</param>
/// <param name="traffic">What came from whom.</param>
/// <param name="distrustsPeers">Whether peers lied about this content before.</param>
internal sealed class FetchSituation(
    FetchEnvironment services, FetchChannels channels, ContentBuilder builder, OriginTurns origins, FetchTraffic traffic,
    bool distrustsPeers)
{
    private readonly long _began = services.Time.GetTimestamp();
    private long _lastProgress = services.Time.GetTimestamp();
    private long _lastServable;
    private long? _firstPeer; // when it was ready
    private long? _originFailed; // when nobody else was left either
    private bool _isOriginDue; // whatever the policy says

    /// <summary>How long ago the fetch began.</summary>
    public TimeSpan Elapsed => services.Time.GetElapsedTime(_began);

    /// <summary>How long the rest will take, going by all that has come. What has only begun is given a chance.</summary>
    public TimeSpan TimeLeft
    {
        get
        {
            var left = builder.Locked((map, _) => map.OpenBytes);
            var came = traffic.OriginBytes + traffic.PeerBytes;
            return left == 0 || Elapsed < services.Options.Silence ? TimeSpan.Zero
                : came == 0 ? TimeSpan.MaxValue
                : Elapsed * Math.Min((double)left / came, 1e6);
        }
    }

    /// <summary>Whether only the origin is to be believed. An earlier deception counts as long as there is an origin to turn to.</summary>
    private bool PeersDistrusted => builder.Trust.PeersDistrusted || builder.WantsOneAnswer || (distrustsPeers && channels.IsOriginLeft);

    /// <summary>Whether peers may be asked for what the origins have wrong.</summary>
    public bool MayAskPeers => !distrustsPeers && !builder.Trust.PeersDistrusted;

    /// <summary>Whether a peer is there that may have all of it.</summary>
    public bool HasPeer =>
        builder.Trust.CanVerifyPeers && channels.Live().Exists(channel => channel is { IsPeer: true, IsReady: true, Progress: null });

    /// <summary>
    /// Whether nobody but this channel can serve now: then an origin is asked once, and apt, which hears how that ended, asks again by its
    /// own rules.
    /// </summary>
    public bool IsAlone(FetchChannel channel)
    {
        var working = origins.Working();
        return !channel.IsPeer
            && !channels.Live().Exists(other => other.IsPeer ? other.IsReady && MayWork(other, working) : other.Host != channel.Host);
    }

    /// <summary>What the policy is told. For the coordinator alone: each call notes whether there is progress.</summary>
    public FetchState Read()
    {
        var now = services.Time.GetTimestamp();
        var servable = builder.Servable;
        if (servable > _lastServable)
        {
            (_lastServable, _lastProgress) = (servable, now);
        }

        var live = channels.Live();
        var peers = builder.Trust.CanVerifyPeers ? live.Count(channel => channel is { IsPeer: true, IsReady: true, Progress: null }) : 0;
        _firstPeer ??= peers > 0 ? now : null;
        var working = origins.Working();
        return new FetchState
        {
            Length = builder.Map.Length,
            Elapsed = services.Time.GetElapsedTime(_began, now),
            SinceProgress = services.Time.GetElapsedTime(_lastProgress, now),
            Peers = peers,
            SincePeers = services.Time.GetElapsedTime(_firstPeer ?? now, now),
            Crowd = services.IsForCrowd(builder.Map.Length) ? live.Count(channel => channel is { IsReady: true, Progress: not null }) : 0,
            PeerBytes = traffic.PeerBytes,
            PeersLate = services.Peers.AreLate,
            SearchesVain = services.Peers.AreSearchesVain,
            SearchFinished = channels.IsSearchFinished,
            HasOrigin = channels.HasOrigin,
            OriginFailed = channels.HasOriginFailed,
            PeersDistrusted = PeersDistrusted,
            Origins = working.Count,
            SpareOrigins = origins.Spare,
            SinceOrigin = origins.SinceLast,
            OriginRate = working.Sum(channel => channel.Latest.Current),
            PeersRate = live.Where(channel => channel.IsPeer).Sum(channel => channel.Latest.Current),
        };
    }

    /// <summary>
    /// A plan, with an origin at work in any case once no byte has come from anywhere for too long: a policy may be wrong, and apt gives
    /// up.
    /// </summary>
    public SourcePlan Insist(in SourcePlan plan)
    {
        _isOriginDue |= SinceByte >= services.Options.OriginAnyway;
        return _isOriginDue && !IsOriginIn(plan) && channels.IsOriginLeft
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
        channels.IsOpeningOrigin ? channels.UntilOriginOpened
        : _isOriginDue || !channels.IsOriginLeft ? null
        : services.Options.OriginAnyway - SinceByte is { Ticks: > 0 } left ? left : TimeSpan.FromMilliseconds(1);

    private TimeSpan SinceByte => services.Time.GetElapsedTime(Math.Max(_began, builder.Map.LastByte));

    private static bool IsOriginIn(in SourcePlan plan) => plan is { Origin: true, Origins: > 0 };

    /// <summary>Why nothing more will come, if so.</summary>
    public FetchFailure? Exhausted()
    {
        if (channels.IsOriginLeft || !builder.IsAnythingOpen)
        {
            return null;
        }

        _originFailed ??= services.Time.GetTimestamp();
        var mayGoOn = !PeersDistrusted && (channels.IsAPeerLeft || UntilSearchIsVain > TimeSpan.Zero);
        return mayGoOn ? null : channels.Failure() ?? new FetchFailure(ChannelOutcome.Gone, "no source has it");
    }

    /// <summary>For how long peers are still looked for when nobody else is left; nothing while that is not so.</summary>
    public TimeSpan? UntilSearchIsVain
    {
        get
        {
            if (_originFailed is not { } since || !channels.MayFindPeers)
            {
                return null;
            }

            // What apt asks for again by itself must not take longer with us. What it takes for lasting it gives up for good, so there any
            // peer is worth a wait.
            var isLasting = channels.Failure() is not { Outcome: ChannelOutcome.Busy or ChannelOutcome.Cut or ChannelOutcome.Timeout };
            var left = isLasting
                ? services.Options.Patience - services.Time.GetElapsedTime(_lastProgress)
                : services.Options.LastSearch - services.Time.GetElapsedTime(since);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>When the first silence lasts as long as apt's patience.</summary>
    public TimeSpan UntilSilent =>
        builder.Silent(_began) is { Count: > 0 } claims
            ? services.Options.Patience - services.Time.GetElapsedTime(claims.Min(claim => claim.Since)) is { Ticks: > 0 } left
                ? left
                : TimeSpan.FromMilliseconds(1)
            : services.Options.Patience;

    /// <summary>The claims that nothing comes from, for as long as apt would wait.</summary>
    public IReadOnlyList<Claim> Silent() =>
        [
            .. builder
                .Silent(_began)
                .Where(claim => services.Time.GetElapsedTime(claim.Since) >= services.Options.Patience)
                .Select(claim => claim.Claim),
        ];

    /// <summary>Whether a channel may be given work.</summary>
    public bool MayWork(FetchChannel channel) => MayWork(channel, origins.Working());

    /// <summary>How many channels share the work.</summary>
    public int ActiveChannels()
    {
        // Somebody may still come: whoever is first must not take everything.
        var expected =
            (channels.IsOpeningPeers && !PeersDistrusted && !services.Peers.AreSearchesVain)
            || (channels.HasOrigin && !channels.IsOriginOpened)
                ? 1
                : 0;
        var working = origins.Working();
        return expected + channels.All.Count(channel => !channel.IsRetired && MayWork(channel, working));
    }

    private bool MayWork(FetchChannel channel, List<FetchChannel> working) =>
        channel.IsPeer
            ? !PeersDistrusted && (builder.Trust.CanVerifyPeers || channel.Progress is not null || !channels.IsOriginLeft)
            : working.Contains(channel);
}
