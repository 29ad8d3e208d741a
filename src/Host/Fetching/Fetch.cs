using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Building;
using AptP2P.Host.Fetching.Channels;
using AptP2P.Host.Fetching.Crowd;

namespace AptP2P.Host.Fetching;

/// <summary>
/// The one fetch of a content: asks the policy which sources may work, has their channels opened, and lets the builder put together what
/// they bring. Runs as long as somebody waits for it.
/// </summary>
internal sealed partial class Fetch : IAsyncDisposable
{
    private readonly FetchEnvironment _services;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly FetchChannels _channels;
    private readonly OriginTurns _origins;
    private readonly FetchSituation _situation;
    private readonly WaitLesson _lesson;
    private readonly Audience _audience = new();
    private readonly TaskCompletionSource<bool> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Signal _changed = new(); // something that the policy may want to know

    public Fetch(Content content, FetchEnvironment services, bool distrustsPeers, IPartialContent partial, ILogger logger)
    {
        (Content, _services, Partial, _logger) = (content, services, partial, logger);
        Builder = new ContentBuilder(content, partial, () => _channels!.LiveOrigins());
        Traffic = new FetchTraffic(services.Metrics);
        _channels = new FetchChannels(
            content,
            services,
            (channel, stop) =>
                new ChannelWorker(this, channel, services.Gates, services.Peers, services.Options, services.Time).RunAsync(stop),
            ChannelsChanged,
            logger);
        _origins = new OriginTurns(content, services, _channels, Builder, logger);
        _lesson = new WaitLesson(services.Peers, _channels);
        Crowd = new CrowdPart(services, _channels, Builder);
        _situation = new FetchSituation(services, _channels, Builder, _origins, Traffic, distrustsPeers);
        Builder.Verification.MayOthersGiveAsync = new SecondOpinion(
            content, services, _channels, _situation, ChannelFailed, _changed, logger).IsThereAsync;
    }

    public Content Content { get; }

    public IPartialContent Partial { get; }

    public ContentBuilder Builder { get; }

    public FetchTraffic Traffic { get; }

    public CrowdPart Crowd { get; }

    /// <summary>When the content was last modified, as soon as an origin has said so.</summary>
    public DateTimeOffset? LastModified => _channels.All.Where(channel => !channel.IsPeer)
        .Select(channel => channel.Channel.LastModified).FirstOrDefault(told => told is not null);

    /// <summary>Why it ended without the content, once it has.</summary>
    public FetchFailure? Failure { get; private set; }

    /// <summary>The piece list of the verified content.</summary>
    public PieceList? Pieces { get; private set; }

    /// <summary>Whether the content is in the store, once that is decided.</summary>
    public Task<bool> Outcome => _outcome.Task;

    /// <summary>Whether that is decided, and it is there; or was, should it have been removed since. Read by any thread.</summary>
    public bool IsPublished { get; private set; }

    /// <summary>Ends after the last reader has left and everything is released.</summary>
    public Task Ended => _ended.Task;

    /// <inheritdoc cref="Audience.Released"/>
    public CancellationToken Released => _audience.Released;

    /// <inheritdoc cref="FetchSituation.TimeLeft"/>
    public TimeSpan TimeLeft => _situation.TimeLeft;

    /// <summary>Counts a reader in.</summary>
    /// <returns>
    /// <see langword="null"/> when the fetch is over or has failed, or is about to be over because nobody waited any more.
    /// </returns>
    public FetchReader? TryJoin() => Failure is null && _audience.TryJoin() ? new FetchReader(this) : null;

    /// <summary>Counts a peer in that reads what is here already.</summary>
    public bool TryObserve() => _audience.TryObserve();

    public void Unobserve() => _audience.Unobserve();

    public void Leave()
    {
        // Whoever was given wrong bytes has to leave, and will ask again: by then it is known who lied.
        if (_audience.Leave(isUnfinished: !Builder.Trust.IsVerified && Builder.Trust.Doubts == 0))
        {
            _stop.CancelIfLeft();
        }
    }

    /// <summary>Fetches, and publishes in the store.</summary>
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
            _services.Metrics.Ended(published, _situation.Elapsed);
            IsPublished = published; // before it is told
            _outcome.TrySetResult(published);
            Builder.Progress.Pulse();
        }

        await _stop.CancelAsync();
        Builder.Close(); // whatever a channel still brings
        await _channels.DisposeAsync();
        foreach (var origin in Builder.Dispute.Differing)
        {
            _services.Origins.WasInTrouble(origin.Channel.Name); // when apt asks again, another one goes first
        }
    }

    /// <summary>Stays until the last reader has left, and does not wait for peers where nothing more will come.</summary>
    public Task EmptyAsync() =>
        _audience.EmptyAsync(isOver: Failure is not null, isForPeers: IsPublished, _services.Options.LetGo, _services.Time);

    /// <inheritdoc cref="Audience.LetGo"/>
    public void LetGo() => _audience.LetGo();

    /// <summary>Lets those go on who wait to begin anew.</summary>
    public void End()
    {
        _outcome.TrySetResult(false);
        _ended.TrySetResult();
    }

    /// <summary>
    /// How often a channel without work looks whether another one has become slow: the more there are, the more rarely each.
    /// </summary>
    public TimeSpan LookAround =>
        _services.Options.LookAround * Math.Max(1, _channels.All.Count / (double)_services.Options.LookAroundTogether);

    public Claim? NextClaim(FetchChannel channel, out Claim? revoked)
    {
        Claim? taken = null;
        var crowd = Crowd.For(channel);
        var originWorks = _origins.Working().Count > 0;
        var claim = Builder.Locked(
            (map, _) =>
                _situation.MayWork(channel)
                    ? _services.Plan.Next(channel, _situation.ActiveChannels(), map, crowd, originWorks, out taken)
                    : null);
        revoked = taken;
        if (taken is { Received: 0, Owner.IsPeer: true, IsOfCrowd: false } && Traffic.PeerBytes == 0 && !_services.Peers.AreLate)
        {
            _services.Peers.WereLate();
        }

        channel.IdleSince = claim is not null ? null : channel.IdleSince ?? _services.Time.GetTimestamp();
        return claim;
    }

    /// <inheritdoc cref="FetchSituation.IsAlone"/>
    public bool IsAlone(FetchChannel channel) => _situation.IsAlone(channel);

    /// <summary>Has the policy look again.</summary>
    public void Reconsider() => _changed.Pulse();

    /// <summary>A channel does no more for this fetch.</summary>
    public void Retire(FetchChannel channel, ChannelResult result)
    {
        _channels.Retire(channel, result);
        ChannelFailed(channel);
    }

    private void ChannelFailed(FetchChannel channel)
    {
        var (outcome, reason, _) = channel.RetiredBy!.Value;
        LogChannel(channel.Channel.Name, Content.Hash, outcome, reason);
        if (!channel.IsPeer && outcome != ChannelOutcome.Gone) // that says something of the file, not of its host
        {
            _services.Origins.WasInTrouble(channel.AtFault);
        }

        ChannelsChanged();
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Dispose();
        _audience.Dispose();
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
        var verified = Builder.Verification.RunAsync(cancellationToken);
        _channels.Own(verified);
        while (!verified.IsCompleted)
        {
            var changed = Task.WhenAny(_changed.Next, Builder.WorkChanged.Next);
            var state = _situation.Read();
            var plan = _situation.Insist(await _services.Policy.DecideAsync(state));
            _lesson.Learn(state, plan);
            await ApplyAsync(plan, cancellationToken);
            if (_situation.Exhausted() is { } failure)
            {
                Failure = failure;
                return false;
            }

            await GiveUpSilentAsync();
            await PutFrontFirstAsync();
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var askAgain = Earlier(
                plan.AskAgain,
                Earlier(
                    _channels.NextSearch,
                    Earlier(
                        _situation.UntilSearchIsVain, Earlier(UntilFront, Earlier(_situation.UntilOriginAnyway, _situation.UntilSilent)))));
            await Task.WhenAny(verified, changed, Task.Delay(askAgain, _services.Time, pause.Token));
            await pause.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested(); // or this would spin until the verification has noticed too
            if (Builder.DiskFailure is { } disk)
            {
                throw new IOException(disk.Message, disk);
            }
        }

        if (!await verified)
        {
            LogOriginDiffers(Builder.Map.Blocks is [{ Giver: { } giver }, ..] ? giver.Channel.Name : "", Content.Hash);
            return false;
        }

        Pieces = await Builder.Verification.GetPieceListAsync(cancellationToken);
        await Partial.CommitAsync(Pieces, CancellationToken.None);
        Builder.Trust.Blame(_channels.All, Pieces);
        return true;
    }

    private static TimeSpan Earlier(TimeSpan? one, TimeSpan other) => one < other ? one.Value : other;

    private async Task ApplyAsync(SourcePlan plan, CancellationToken cancellationToken)
    {
        await Crowd.ShareAsync(plan.Shared);
        if (_origins.Allow(plan.Origin ? plan.Origins : 0))
        {
            Builder.WorkChanged.Pulse();
        }

        if (plan.Origin)
        {
            _channels.OpenOrigin(cancellationToken);
        }

        _channels.OpenPeers(plan.Peers, cancellationToken);
        _channels.SearchAgain(cancellationToken);
    }

    /// <summary>Ends the reads that nothing comes from, also where nobody is there to take them over.</summary>
    private async Task GiveUpSilentAsync()
    {
        foreach (var claim in _situation.Silent())
        {
            var answer = claim.Received > 0 ? new OriginAnswer(StatusCodes.Status200OK, null, HasBody: true) : (OriginAnswer?)null;
            _channels.Retire(claim.Owner, new ChannelResult(ChannelOutcome.Timeout, "sends nothing") { Answer = answer });
            Builder.Revoke(claim);
            await claim.CancelAsync();
            ChannelFailed(claim.Owner);
        }
    }

    /// <summary>How soon to look at the front again; in a crowd it may well be others' to bring.</summary>
    private TimeSpan? UntilFront => !Crowd.IsShared && Builder.Locked((map, _) => map.IsFrontLeft) ? LookAround : null;

    /// <summary>Has somebody work at what apt waits for.</summary>
    private async Task PutFrontFirstAsync()
    {
        if (!Crowd.IsShared && Builder.Locked((map, _) => _services.Plan.MakeWayForFront(map)) is { } claim)
        {
            await claim.CancelAsync();
        }
    }

    [LoggerMessage(1200, LogLevel.Debug, "{Channel} does no more for {Hash}: {Outcome}, {Reason}")]
    private partial void LogChannel(string channel, ContentHash hash, ChannelOutcome outcome, string? reason);

    [LoggerMessage(
        1201, LogLevel.Warning, "{Origin} serves other bytes than its index names for {Hash}: passed to apt as they are, not kept")]
    private partial void LogOriginDiffers(string origin, ContentHash hash);

    [LoggerMessage(1202, LogLevel.Error, "Storing {Hash} failed: {Reason}")]
    private partial void LogStorage(ContentHash hash, string reason);

    [LoggerMessage(1204, LogLevel.Critical, "The fetch of {Hash} ended with a fault of the daemon's own")]
    private partial void LogFault(Exception exception, ContentHash hash);
}
