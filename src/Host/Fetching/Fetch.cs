namespace AptP2P.Host.Fetching;

/// <summary>
/// The one fetch of a content: asks the policy which sources may work, has their channels opened, and lets the builder put together what they
/// bring. Runs as long as somebody waits for it.
/// </summary>
internal sealed partial class Fetch : IAsyncDisposable
{
    private readonly FetchServices _services;
    private readonly ILogger _logger;
    private readonly bool _distrustsPeers;
    private readonly CancellationTokenSource _stop = new();
    private readonly FetchChannels _channels;
    private readonly Audience _audience = new();
    private readonly TaskCompletionSource<bool> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Signal _changed = new(); // something that the policy may want to know
    private readonly long _began;
    private long _lastProgress;
    private long _lastServable;
    private bool _isShared; // the origin's part of the work, with a crowd
    private long _lastOrigin; // when one was last brought in
    private int _originsAllowed;

    public Fetch(Content content, FetchServices services, bool distrustsPeers, IPartialContent partial, ILogger logger)
    {
        (Content, _services, _distrustsPeers, Partial, _logger) = (content, services, distrustsPeers, partial, logger);
        _began = _lastProgress = _lastOrigin = services.Time.GetTimestamp();
        Builder = new ContentBuilder(content, partial, () => _channels!.LiveOrigins());
        Traffic = new FetchTraffic(services.Metrics);
        _channels = new FetchChannels(
            content, services, (channel, stop) => new ChannelWorker(this, channel, services.Options, services.Time).RunAsync(stop), ChannelsChanged, logger);
    }

    public Content Content { get; }

    public IPartialContent Partial { get; }

    public ContentBuilder Builder { get; }

    public FetchTraffic Traffic { get; }

    /// <summary>Why it ended without the content, once it has.</summary>
    public FetchFailure? Failure { get; private set; }

    /// <summary>The piece list of the verified content.</summary>
    public PieceList? Pieces { get; private set; }

    /// <summary>Whether the content is in the store, once that is decided.</summary>
    public Task<bool> Outcome => _outcome.Task;

    /// <summary>Ends after the last reader has left and everything is released.</summary>
    public Task Ended => _ended.Task;

    /// <summary>How far it is, for other nodes that are getting the content too.</summary>
    public FetchProgress? Progress => Builder.GetProgress(_services.Node);

    public bool IsAnythingOpen => !Builder.Locked((map, _) => map.IsFull);

    /// <summary>How often a peer that is getting the content too is asked how far it is: the more there are, the more rarely.</summary>
    public TimeSpan AskInterval =>
        _services.Options.CrowdAsk * Math.Max(1, _channels.Live().Count(channel => channel.Progress is not null) / (double)_services.Options.CrowdAskTogether);

    /// <summary>Whether it is worth sharing the work with others who begin at the same moment.</summary>
    public bool IsForCrowd => Content.Length >= _services.Options.CrowdFrom.Bytes;

    /// <summary>Whether only the origin is to be believed. An earlier deception counts as long as there is an origin to turn to.</summary>
    private bool PeersDistrusted => Builder.PeersDistrusted || (_distrustsPeers && _channels.IsOriginLeft);

    /// <summary>Counts a reader in.</summary>
    /// <returns><see langword="null"/> when the fetch is over, or about to be because nobody waited any more.</returns>
    public FetchReader? TryJoin() => _audience.TryJoin() ? new FetchReader(this) : null;

    /// <summary>Counts a peer in that reads what is here already.</summary>
    public bool TryObserve() => _audience.TryObserve();

    public void Unobserve() => _audience.Unobserve();

    public void Leave()
    {
        // Whoever was given wrong bytes has to leave, and will ask again: by then it is known who lied.
        if (_audience.Leave(isUnfinished: !Builder.IsVerified && Builder.Doubts == 0))
        {
            _stop.Cancel();
        }
    }

    /// <summary>Fetches, publishes in the store, and stays until the last reader has left.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _services.Metrics.Began();
        var published = false;
        try
        {
            using var stopping = cancellationToken.UnsafeRegister(static fetch => ((Fetch)fetch!)._stop.Cancel(), this);
            published = await FetchAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            Failure = new FetchFailure(ChannelOutcome.Cut, "the daemon stops, or nobody waits for this any more");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogStorage(Content.Hash, e.Message);
            Failure = new FetchFailure(ChannelOutcome.Refused, $"the daemon cannot store it: {e.Message}");
        }
        catch (Exception e)
        {
            LogFault(e, Content.Hash);
            Failure = new FetchFailure(ChannelOutcome.Protocol, "the daemon has a fault; its log says more");
        }
        finally
        {
            _services.Metrics.Ended(published, _services.Time.GetElapsedTime(_began));
            _outcome.TrySetResult(published);
            Builder.Progress.Pulse();
        }

        await _stop.CancelAsync();
        await _channels.DisposeAsync();
        foreach (var origin in Builder.DifferingOrigins)
        {
            _services.Origins.WasInTrouble(origin.Channel.Name); // when apt asks again, another one goes first
        }

        await _audience.EmptyAsync(hasFailed: Failure is not null);
    }

    /// <summary>Lets those go on who wait to begin anew.</summary>
    public void End()
    {
        _outcome.TrySetResult(false);
        _ended.TrySetResult();
    }

    public Claim? NextClaim(FetchChannel channel, out Claim? revoked)
    {
        Claim? taken = null;
        var crowd = _isShared && !channel.IsPeer ? FindCrowd() : null;
        var originWorks = WorkingOrigins().Count > 0;
        var claim = Builder.Locked((map, _) => MayWork(channel) ? _services.Plan.Next(channel, ActiveChannels(), map, crowd, originWorks, out taken) : null);
        revoked = taken;
        channel.IdleSince = claim is not null ? null : channel.IdleSince ?? _services.Time.GetTimestamp();
        return claim;
    }

    /// <summary>Has the policy look again.</summary>
    public void Reconsider() => _changed.Pulse();

    public void ChannelFailed(FetchChannel channel)
    {
        var (outcome, reason, _) = channel.RetiredBy!.Value;
        LogChannel(channel.Channel.Name, Content.Hash, outcome, reason);
        if (!channel.IsPeer && outcome != ChannelOutcome.Gone) // that says something of the file, not of its host
        {
            _services.Origins.WasInTrouble(channel.Channel.Name);
        }

        ChannelsChanged();
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Dispose();
        Builder.Dispose();
        await Partial.DisposeAsync();
    }

    private void ChannelsChanged()
    {
        Reconsider();
        Builder.WorkChanged.Pulse();
    }

    private async Task<bool> FetchAsync(CancellationToken cancellationToken)
    {
        var verified = Builder.VerifyAsync(cancellationToken);
        _channels.Own(verified);
        while (!verified.IsCompleted)
        {
            var changed = Task.WhenAny(_changed.Next, Builder.WorkChanged.Next);
            var plan = _services.Policy.Decide(State());
            await ApplyAsync(plan, cancellationToken);
            if (Exhausted() is { } failure)
            {
                Failure = failure;
                return false;
            }

            await GiveUpSilentAsync();
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var askAgain = Earlier(plan.AskAgain, Earlier(_channels.NextSearch, _services.Options.Patience));
            await Task.WhenAny(verified, changed, Task.Delay(askAgain, _services.Time, pause.Token));
            await pause.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested(); // or this would spin until the verification has noticed too
        }

        if (!await verified)
        {
            LogOriginDiffers(Builder.Map.Blocks is [{ Giver: { } giver }, ..] ? giver.Channel.Name : "", Content.Hash);
            return false;
        }

        Pieces = await Builder.GetPieceListAsync(cancellationToken);
        await Partial.CommitAsync(Pieces, CancellationToken.None);
        Builder.Blame(_channels.All(), Pieces);
        return true;
    }

    private static TimeSpan Earlier(TimeSpan? one, TimeSpan other) => one < other ? one.Value : other;

    private async Task ApplyAsync(SourcePlan plan, CancellationToken cancellationToken)
    {
        var begins = plan.Shared && !_isShared;
        _isShared = plan.Shared;
        foreach (var claim in begins ? Builder.Share(FindCrowd()) : [])
        {
            await claim.CancelAsync();
        }

        var origins = plan.Origin ? plan.Origins : 0;
        if (origins != _originsAllowed)
        {
            BringIn(origins);
            Builder.WorkChanged.Pulse();
        }

        if (plan.Origin)
        {
            _channels.OpenOrigin(cancellationToken);
        }

        _channels.OpenPeers(plan.Peers, cancellationToken);
        _channels.SearchAgain(cancellationToken);
    }

    private Crowd FindCrowd() => new(_services.Node, [.. _channels.Live().Select(channel => channel.Progress).OfType<FetchProgress>()]);

    private void BringIn(int origins)
    {
        if (origins > _originsAllowed)
        {
            _lastOrigin = _services.Time.GetTimestamp();
            foreach (var troubled in WorkingOrigins())
            {
                LogNextOrigin(troubled.Channel.Name, Content.Hash); // the policy had a reason
                _services.Origins.WasInTrouble(troubled.Channel.Name);
            }
        }

        _originsAllowed = origins;
    }

    private List<FetchChannel> WorkingOrigins() => [.. _channels.LiveOrigins().Where(Builder.WantsFrom).Take(_originsAllowed)];

    /// <summary>Ends the reads that nothing comes from, also where nobody is there to take them over.</summary>
    private async Task GiveUpSilentAsync()
    {
        foreach (var claim in Builder.Silent(_services.Time, _services.Options.Patience))
        {
            claim.Owner.Retire(new ChannelResult(ChannelOutcome.Timeout, "sends nothing"));
            Builder.Revoke(claim);
            await claim.CancelAsync();
            ChannelFailed(claim.Owner);
        }
    }

    private FetchState State()
    {
        var now = _services.Time.GetTimestamp();
        var servable = Builder.Servable;
        if (servable > _lastServable)
        {
            (_lastServable, _lastProgress) = (servable, now);
        }

        var live = _channels.Live();
        var origins = WorkingOrigins();
        return new FetchState
        {
            Length = Content.Length,
            Elapsed = _services.Time.GetElapsedTime(_began, now),
            SinceProgress = _services.Time.GetElapsedTime(_lastProgress, now),
            Peers = Builder.CanVerifyPeers ? live.Count(channel => channel is { IsPeer: true, IsReady: true, Progress: null }) : 0,
            Crowd = IsForCrowd ? live.Count(channel => channel is { IsReady: true, Progress: not null }) : 0,
            PeerBytes = Traffic.PeerBytes,
            SearchFinished = _channels.IsSearchFinished,
            HasOrigin = _channels.HasOrigin,
            OriginFailed = _channels.HasOriginFailed,
            PeersDistrusted = PeersDistrusted,
            Origins = origins.Count,
            SpareOrigins = live.Count(channel => !channel.IsPeer) - origins.Count,
            SinceOrigin = _services.Time.GetElapsedTime(_lastOrigin, now),
            OriginRate = origins.Sum(channel => channel.Latest.Current),
            PeersRate = live.Where(channel => channel.IsPeer).Sum(channel => channel.Latest.Current),
        };
    }

    private FetchFailure? Exhausted()
    {
        var mayGoOn = _channels.IsOriginLeft || (_channels.ArePeersLeft && !PeersDistrusted) || !IsAnythingOpen;
        return mayGoOn ? null
            : _channels.LastFailure() is { } last ? new FetchFailure(last.Outcome, last.Reason ?? last.Outcome.ToString())
            : new FetchFailure(ChannelOutcome.Gone, "no source has it");
    }

    private bool MayWork(FetchChannel channel) =>
        channel.IsPeer ? !PeersDistrusted && (Builder.CanVerifyPeers || channel.Progress is not null || !_channels.IsOriginLeft) : WorkingOrigins().Contains(channel);

    private int ActiveChannels()
    {
        // Somebody may still come: whoever is first must not take everything.
        var expected = _channels.IsOpeningPeers || (_channels.HasOrigin && !_channels.IsOriginOpened) ? 1 : 0;
        return expected + _channels.Live().Count(MayWork);
    }

    [LoggerMessage(1200, LogLevel.Debug, "{Channel} does no more for {Hash}: {Outcome}, {Reason}")]
    private partial void LogChannel(string channel, ContentHash hash, ChannelOutcome outcome, string? reason);

    [LoggerMessage(1201, LogLevel.Warning, "{Origin} serves other bytes than its index names for {Hash}: passed to apt as they are, not kept")]
    private partial void LogOriginDiffers(string origin, ContentHash hash);

    [LoggerMessage(1205, LogLevel.Information, "{Origin} stalls or trickles: another origin helps with {Hash}")]
    private partial void LogNextOrigin(string origin, ContentHash hash);

    [LoggerMessage(1202, LogLevel.Error, "Storing {Hash} failed: {Reason}")]
    private partial void LogStorage(ContentHash hash, string reason);

    [LoggerMessage(1204, LogLevel.Critical, "The fetch of {Hash} ended with a fault of the daemon's own")]
    private partial void LogFault(Exception exception, ContentHash hash);
}
