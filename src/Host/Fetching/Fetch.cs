namespace AptP2P.Host.Fetching;

/// <summary>
/// The one fetch of a content: asks the policy which sources may work, opens their channels, and lets the builder put together what they
/// bring. Runs as long as somebody waits for it.
/// </summary>
internal sealed partial class Fetch(
    Content content, FetchServices services, bool peersDistrusted, IPartialContent partial, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<FetchChannel> _channels = [];
    private readonly List<Task> _work = [];
    private readonly TaskCompletionSource<bool> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Signal _changed = new(); // something that the policy may want to know
    private readonly Lock _lock = new();
    private readonly long _began = services.Time.GetTimestamp();
    private long _lastProgress = services.Time.GetTimestamp();
    private long _lastServable;
    private int _readers;
    private int _observers; // peers: they need the file open, but do not keep the fetch going
    private bool _closed; // to new readers
    private bool _originAllowed;
    private bool _originOpened;
    private PeerUse _peers;
    private int _openingOrigin; // sources that are still opening channels, by role
    private int _openingPeers;

    public Content Content => content;

    public IPartialContent Partial => partial;

    public ContentBuilder Builder { get; } = new(content, partial);

    public FetchTraffic Traffic { get; } = new(services.Metrics);

    /// <summary>Why it ended without the content, once it has.</summary>
    public FetchFailure? Failure { get; private set; }

    /// <summary>The piece list of the verified content.</summary>
    public PieceList? Pieces { get; private set; }

    /// <summary>Whether the content is in the store, once that is decided.</summary>
    public Task<bool> Outcome => _outcome.Task;

    /// <summary>Ends after the last reader has left and everything is released.</summary>
    public Task Ended => _ended.Task;

    public Task Progress => Builder.Progress.Next;

    /// <summary>Whether only the origin is to be believed. An earlier deception counts as long as there is an origin to turn to.</summary>
    public bool PeersDistrusted => Builder.PeersDistrusted || (peersDistrusted && HasOrigin && !OriginFailed(Snapshot()));

    private bool HasOrigin { get; } = !content.Origins.IsEmpty && services.Sources.Any(source => source.Role == SourceRole.Origin);

    public bool IsAnythingOpen => !Builder.Locked((map, _) => map.IsFull);

    /// <summary>Counts a reader in.</summary>
    /// <returns><see langword="null"/> when the fetch is over, or about to be because nobody waited any more.</returns>
    public FetchReader? TryJoin()
    {
        lock (_lock)
        {
            if (_closed)
            {
                return null;
            }

            _readers++;
            return new FetchReader(this);
        }
    }

    /// <summary>Counts a peer in that reads what is here already.</summary>
    public bool TryObserve()
    {
        lock (_lock)
        {
            if (_closed)
            {
                return false;
            }

            _observers++;
            return true;
        }
    }

    public void Unobserve()
    {
        lock (_lock)
        {
            _observers--;
        }

        _changed.Pulse();
    }

    public void Leave()
    {
        var nobodyWaits = false;
        lock (_lock)
        {
            if (--_readers == 0 && !Builder.IsVerified)
            {
                nobodyWaits = _closed = true;
            }
        }

        _changed.Pulse();
        if (nobodyWaits)
        {
            _stop.Cancel();
        }
    }

    /// <summary>Fetches, publishes in the store, and stays until the last reader has left.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        services.Metrics.Began();
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
            LogStorage(content.Hash, e.Message);
            Failure = new FetchFailure(ChannelOutcome.Refused, $"the daemon cannot store it: {e.Message}");
        }
        catch (Exception e)
        {
            LogFault(e, content.Hash);
            Failure = new FetchFailure(ChannelOutcome.Protocol, "the daemon has a fault; its log says more");
        }
        finally
        {
            services.Metrics.Ended(published, services.Time.GetElapsedTime(_began));
            _outcome.TrySetResult(published);
            Builder.Progress.Pulse();
        }

        await _stop.CancelAsync();
        await AllWorkAsync();
        foreach (var channel in _channels)
        {
            await channel.Channel.DisposeAsync();
        }

        await LastReaderAsync();
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
        var claim = Builder.Locked((map, list) => MayWork(channel) ? services.Plan.Next(channel, ActiveChannels(), map, out taken) : null);
        revoked = taken;
        return claim;
    }

    /// <summary>Has the policy look again.</summary>
    public void Reconsider() => _changed.Pulse();

    public void ChannelFailed(FetchChannel channel)
    {
        LogChannel(channel.Channel.Name, content.Hash, channel.RetiredBy!.Value.Outcome, channel.RetiredBy.Value.Reason);
        _changed.Pulse();
        Builder.WorkChanged.Pulse();
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Dispose();
        Builder.Dispose();
        await partial.DisposeAsync();
    }

    private async Task<bool> FetchAsync(CancellationToken cancellationToken)
    {
        var verified = Builder.VerifyAsync(cancellationToken);
        Own(verified);
        while (!verified.IsCompleted)
        {
            var changed = Task.WhenAny(_changed.Next, Builder.WorkChanged.Next);
            var plan = services.Policy.Decide(State());
            Apply(plan, cancellationToken);
            if (Exhausted() is { } failure)
            {
                Failure = failure;
                return false;
            }

            await GiveUpSilentAsync();
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var askAgain = plan.AskAgain < services.Options.Patience ? plan.AskAgain.Value : services.Options.Patience;
            await Task.WhenAny(verified, changed, Task.Delay(askAgain, services.Time, pause.Token));
            await pause.CancelAsync();
        }

        if (!await verified)
        {
            LogOriginDiffers(content.Origins.IsEmpty ? "" : content.Origins[0].Authority, content.Hash);
            return false;
        }

        Pieces = await Builder.GetPieceListAsync(cancellationToken);
        await partial.CommitAsync(Pieces, CancellationToken.None);
        Builder.Blame(Snapshot(), Pieces);
        return true;
    }

    /// <summary>Ends the reads that nothing comes from, also where nobody is there to take them over.</summary>
    private async Task GiveUpSilentAsync()
    {
        var now = services.Time.GetTimestamp();
        var silent = Builder.Locked((map, _) => map.Claims.Where(claim => services.Time.GetElapsedTime(claim.LastByte, now) >= services.Options.Patience).ToList());
        foreach (var claim in silent)
        {
            claim.Owner.Retire(new ChannelResult(ChannelOutcome.Timeout, "sends nothing"));
            Builder.Revoke(claim);
            await claim.CancelAsync();
            ChannelFailed(claim.Owner);
        }
    }

    private void Apply(SourcePlan plan, CancellationToken cancellationToken)
    {
        if (plan.Origin != _originAllowed)
        {
            _originAllowed = plan.Origin;
            Builder.WorkChanged.Pulse();
        }

        if (plan.Origin && !_originOpened)
        {
            _originOpened = true;
            Open(SourceRole.Origin, SearchEffort.Search, cancellationToken);
        }

        if (plan.Peers > _peers)
        {
            _peers = plan.Peers;
            Open(SourceRole.Peers, plan.Peers == PeerUse.Search ? SearchEffort.Search : SearchEffort.Known, cancellationToken);
        }
    }

    private void Open(SourceRole role, SearchEffort effort, CancellationToken cancellationToken)
    {
        foreach (var source in services.Sources.Where(source => source.Role == role))
        {
            Interlocked.Increment(ref Opening(role));
            Own(OpenAsync(source, effort, cancellationToken));
        }
    }

    private async Task OpenAsync(ISource source, SearchEffort effort, CancellationToken cancellationToken)
    {
        await Task.Yield(); // a plugin's code never runs on the coordinator's stack
        try
        {
            await foreach (var channel in source.OpenAsync(content, effort, cancellationToken))
            {
                if (!Add(new FetchChannel(channel, source), cancellationToken))
                {
                    await channel.DisposeAsync();
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            LogPlugin(e, source.Name); // a plugin's bug costs its channels, not the fetch
        }
        finally
        {
            Interlocked.Decrement(ref Opening(source.Role));
            _changed.Pulse();
        }
    }

    private bool Add(FetchChannel channel, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (cancellationToken.IsCancellationRequested || _channels.Count(other => !other.IsRetired) >= services.Options.Channels || _channels.Any(other => IsSame(other, channel)))
            {
                return false;
            }

            _channels.Add(channel);
            _work.Add(WorkAsync(channel, cancellationToken));
        }

        _changed.Pulse();
        return true;
    }

    private async Task WorkAsync(FetchChannel channel, CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            await new ChannelWorker(this, channel, services.Time).RunAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            LogPlugin(e, channel.Source.Name);
            channel.Retire(new ChannelResult(ChannelOutcome.Protocol, e.Message));
            ChannelFailed(channel);
        }
    }

    private FetchState State()
    {
        var now = services.Time.GetTimestamp();
        var servable = Builder.Servable;
        if (servable > _lastServable)
        {
            (_lastServable, _lastProgress) = (servable, now);
        }

        var channels = Snapshot();
        var live = channels.Where(channel => !channel.IsRetired).ToList();
        return new FetchState
        {
            Length = content.Length,
            Elapsed = services.Time.GetElapsedTime(_began, now),
            SinceProgress = services.Time.GetElapsedTime(_lastProgress, now),
            Peers = Builder.CanVerifyPeers ? live.Count(channel => channel is { IsPeer: true, IsReady: true }) : 0,
            SearchFinished = _peers == PeerUse.Search && Volatile.Read(ref _openingPeers) == 0
                && live.All(channel => !channel.IsPeer || channel.IsReady),
            HasOrigin = HasOrigin,
            OriginFailed = OriginFailed(channels),
            PeersDistrusted = PeersDistrusted,
            OriginRate = live.Where(channel => !channel.IsPeer).Sum(channel => channel.Rate),
            PeersRate = live.Where(channel => channel.IsPeer).Sum(channel => channel.Rate),
        };
    }

    private bool OriginFailed(List<FetchChannel> channels) =>
        _originOpened && Volatile.Read(ref _openingOrigin) == 0 && channels.All(channel => channel.IsPeer || channel.IsRetired);

    private FetchFailure? Exhausted()
    {
        var channels = Snapshot();
        var originLeft = HasOrigin && !OriginFailed(channels);
        var peersLeft = !PeersDistrusted && (_peers != PeerUse.Search || Volatile.Read(ref _openingPeers) > 0
            || channels.Any(channel => channel is { IsPeer: true, IsRetired: false }));
        if (originLeft || peersLeft || !IsAnythingOpen)
        {
            return null;
        }

        // What the origin said is what apt would have heard without us.
        var last = channels.Where(channel => channel.IsRetired).OrderBy(channel => channel.IsPeer).Select(channel => channel.RetiredBy).FirstOrDefault();
        return last is { } result
            ? new FetchFailure(result.Outcome, result.Reason ?? result.Outcome.ToString())
            : new FetchFailure(ChannelOutcome.Gone, "no source has it");
    }

    private bool MayWork(FetchChannel channel) =>
        channel.IsPeer
            ? !PeersDistrusted && (Builder.CanVerifyPeers || !HasOrigin || OriginFailed(Snapshot()))
            : _originAllowed;

    private int ActiveChannels()
    {
        // Somebody may still come: whoever is first must not take everything.
        var expected = Volatile.Read(ref _openingPeers) > 0 || (HasOrigin && !_originOpened) ? 1 : 0;
        return expected + Snapshot().Count(channel => !channel.IsRetired && MayWork(channel));
    }

    private ref int Opening(SourceRole role) => ref (role == SourceRole.Peers ? ref _openingPeers : ref _openingOrigin);

    private void Own(Task work)
    {
        lock (_lock)
        {
            _work.Add(work);
        }
    }

    /// <summary>Waits for every task this fetch started; those that end may have started more.</summary>
    private async Task AllWorkAsync()
    {
        while (true)
        {
            Task[] work;
            lock (_lock)
            {
                work = [.. _work.Where(task => !task.IsCompleted)];
            }

            if (work.Length == 0)
            {
                return;
            }

            await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // each has said what it had to
        }
    }

    private List<FetchChannel> Snapshot()
    {
        lock (_lock)
        {
            return [.. _channels];
        }
    }

    private static bool IsSame(FetchChannel one, FetchChannel other) => one.Source == other.Source && one.Channel.Name == other.Channel.Name;

    private async Task LastReaderAsync()
    {
        while (true)
        {
            var changed = _changed.Next;
            lock (_lock)
            {
                _closed |= _readers <= 0 || Failure is not null;
                if (_readers + _observers <= 0)
                {
                    return;
                }
            }

            await changed;
        }
    }

    [LoggerMessage(1200, LogLevel.Debug, "{Channel} does no more for {Hash}: {Outcome}, {Reason}")]
    private partial void LogChannel(string channel, ContentHash hash, ChannelOutcome outcome, string? reason);

    [LoggerMessage(1201, LogLevel.Warning, "{Origin} serves other bytes than its index names for {Hash}: passed to apt as they are, not kept")]
    private partial void LogOriginDiffers(string origin, ContentHash hash);

    [LoggerMessage(1202, LogLevel.Error, "Storing {Hash} failed: {Reason}")]
    private partial void LogStorage(ContentHash hash, string reason);

    [LoggerMessage(1204, LogLevel.Critical, "The fetch of {Hash} ended with a fault of the daemon's own")]
    private partial void LogFault(Exception exception, ContentHash hash);

    [LoggerMessage(1203, LogLevel.Error, "The source {Source} has a fault; the fetch goes on without it")]
    private partial void LogPlugin(Exception exception, string source);
}
