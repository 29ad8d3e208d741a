using System.Diagnostics;
using AptP2P.Host.Fetching.Building;
using AptP2P.Host.Fetching.Channels;
using AptP2P.Host.Fetching.Crowd;
using AptP2P.Host.Telemetry;

namespace AptP2P.Host.Fetching;

/// <summary>The one fetch of a content, from its first reader to its last. Runs as long as somebody waits for it.</summary>
internal sealed partial class Fetch : IReadableFetch, IAsyncDisposable
{
    private readonly FetchEnvironment _environment;
    private readonly IPartialContent _partial;
    private readonly ILogger _logger;
    private readonly FetchChannels _channels;
    private readonly ContentBuilder _builder;
    private readonly WholeVerification _verification;
    private readonly CrowdPart _crowd;
    private readonly FetchSituation _situation;
    private readonly SecondOpinion _secondOpinion;
    private readonly ChannelOpener _opener;
    private readonly FetchCoordinator _coordinator;
    private readonly Audience _audience = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<bool> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Fetch(Content content, FetchEnvironment environment, bool distrustsPeers, IPartialContent partial, ILogger logger)
    {
        (Content, _environment, _partial, _logger) = (content, environment, partial, logger);
        Traffic = new FetchTraffic(environment.Metrics);
        _channels = new FetchChannels(environment.Channels.Options.Channels);
        var search = new SourceSearch(content, environment.Channels, _channels, isRepeated: environment.IsForCrowd(content.Length));
        _builder = new ContentBuilder(content, partial.Recovered, _channels) { GaveWrong = GaveWrong };
        var writer = new ContentWriter(_builder, partial);
        _verification = new WholeVerification(content, partial, _builder, writer);
        _crowd = new CrowdPart(environment.Node, environment.Crowd, environment.Channels, _channels, _builder);
        var origins = new OriginTurns(content, environment, _channels, _builder, logger);
        var local = new LocalTurn(environment.Channels, _channels, search, _builder);
        _situation = new FetchSituation(environment, _channels, search, _builder, origins, Traffic, local, distrustsPeers);
        var dispatcher = new FetchDispatcher(
            content, environment, _channels, _builder, writer, _crowd, _situation, Traffic, logger);
        _secondOpinion = new SecondOpinion(content, environment, _channels, search, _situation, dispatcher, logger);
        _opener = new ChannelOpener(
            content, environment.Channels, _channels, search, environment.Named.OthersOf(content), dispatcher, logger);
        _coordinator = new FetchCoordinator(
            environment, _channels, search, _builder, writer, _crowd, origins, _situation, dispatcher, _opener);
    }

    public Content Content { get; }

    public FetchTraffic Traffic { get; }

    public IReadableContent Bytes => _partial;

    public ReadState ReadState => _builder.ReadState;

    public Task Progress => _builder.Progress.Next;

    public DateTimeOffset? LastModified => _channels.All.Where(channel => channel.IsOrigin)
        .Select(channel => channel.Channel.LastModified).FirstOrDefault(told => told is not null);

    public FetchFailure? Failure { get; private set; }

    public Task<bool> Outcome => _outcome.Task;

    public CancellationToken Released => _audience.Released;

    /// <summary>The piece list of the verified content.</summary>
    public PieceList? Pieces { get; private set; }

    /// <summary>Whether it is decided that the content is in the store; or was, should it have been removed since.</summary>
    /// <remarks>Read by any thread.</remarks>
    public bool IsPublished { get; private set; }

    /// <summary>Its span, if it is traced: for those that join.</summary>
    public ActivityContext Trace { get; private set; }

    /// <summary>Ends after the last reader has left and everything is released.</summary>
    public Task Ended => _ended.Task;

    /// <inheritdoc cref="FetchSituation.Began"/>
    public long Began => _situation.Began;

    /// <summary>How far it is now, for people.</summary>
    public FetchView View
    {
        get
        {
            var (left, done, working) = _builder.Plan(map => (
                map.OpenBytes, map.Blocks.Count(block => block.IsFull), map.Claims.Select(claim => claim.Owner).Distinct().ToArray()));
            var pieces = PieceList.CountFor(Content.Length);
            var peers = working.Count(channel => channel.IsPeer);
            return new FetchView(
                Content, Content.Length - left, _partial.Recovered.Sum(range => range.Length), Traffic.PeerBytes,
                Traffic.OriginBytes, working.Sum(channel => channel.Latest.Current), peers, working.Length - peers, pieces,
                _builder.HasPieces ? done : left == 0 ? pieces : 0);
        }
    }

    /// <summary>The names of the peers that gave something of it.</summary>
    public IReadOnlyCollection<string> Givers =>
        [.. _channels.All.Where(channel => channel is { IsPeer: true, HasGiven: true }).Select(channel => channel.Channel.Name)];

    /// <inheritdoc cref="FetchSituation.TimeLeft"/>
    public TimeSpan TimeLeft => _situation.TimeLeft;

    /// <inheritdoc cref="ContentBuilder.ArePeersSuspected"/>
    public bool ArePeersSuspected => _builder.ArePeersSuspected;

    /// <inheritdoc cref="ContentBuilder.IsVerified"/>
    public bool IsVerified => _builder.IsVerified;

    /// <inheritdoc cref="CrowdPart.Progress"/>
    public FetchProgress? CrowdProgress => _crowd.Progress;

    /// <inheritdoc cref="ContentBuilder.IsPieceGood"/>
    public bool IsPieceGood(int piece) => _builder.IsPieceGood(piece);

    /// <inheritdoc cref="ContentBuilder.IsPiecePassed"/>
    public bool IsPiecePassed(int piece) => _builder.IsPiecePassed(piece);

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
        if (_audience.Leave(isUnfinished: !_builder.IsVerified && _builder.Doubts == 0))
        {
            _stop.CancelIfLeft();
        }
    }

    /// <summary>Fetches, and publishes in the store.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _environment.Metrics.Began();
        using var span = Tracing.Source.StartActivity("fetch");
        Trace = span?.Context ?? default;
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
            _environment.Metrics.Ended(published, _situation.Elapsed);
            span?.SetTag("aptp2p.length", Content.Length).SetTag("aptp2p.outcome", published ? "complete" : "failed");
            IsPublished = published; // before it is told
            _outcome.TrySetResult(published);
            _builder.Progress.Pulse();
        }

        await _stop.CancelAsync();
        _builder.Close(); // whatever a channel still brings
        await _opener.DisposeAsync();
        foreach (var origin in _builder.DifferingOrigins)
        {
            GaveWrong(origin);
            _environment.Channels.Origins.WasInTrouble(origin.Channel.Name); // when apt asks again, another one goes first
        }

        foreach (var origin in _channels.LiveOrigins().Where(origin => origin.HasGiven))
        {
            _environment.Channels.Origins.Outages.End(origin.Host);
        }
    }

    /// <summary>Stays until the last reader has left, and does not wait for peers where nothing more will come.</summary>
    public Task EmptyAsync() =>
        _audience.EmptyAsync(isOver: Failure is not null, isForPeers: IsPublished, _environment.Options.LetGo, _environment.Time);

    /// <inheritdoc cref="Audience.LetGo"/>
    public void LetGo() => _audience.LetGo();

    /// <summary>Lets those go on who wait to begin anew.</summary>
    public void End()
    {
        _outcome.TrySetResult(false);
        _ended.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Dispose();
        _audience.Dispose();
        _builder.Dispose();
        await _partial.DisposeAsync();
    }

    private void GaveWrong(FetchChannel channel) => _environment.Metrics.GaveWrong(channel.Source);

    private async Task<bool> FetchAsync(CancellationToken cancellationToken)
    {
        var verified = _verification.RunAsync(_secondOpinion.IsThereAsync, cancellationToken);
        _opener.Own(verified);
        if (await _coordinator.RunAsync(verified, cancellationToken) is { } failure)
        {
            Failure = failure;
            return false;
        }

        if (!await verified)
        {
            LogOriginDiffers(_builder.FirstGiver?.Channel.Name ?? "", Content.Hash);
            return false;
        }

        Pieces = await _verification.GetPieceListAsync(cancellationToken);
        await _partial.CommitAsync(Pieces, CancellationToken.None);
        _builder.Blame(Pieces);
        return true;
    }

    [LoggerMessage(
        1201, LogLevel.Warning, "{Origin} serves other bytes than its index names for {Hash}: passed to apt as they are, not kept")]
    private partial void LogOriginDiffers(string origin, ContentHash hash);

    [LoggerMessage(1202, LogLevel.Error, "Storing {Hash} failed: {Reason}")]
    private partial void LogStorage(ContentHash hash, string reason);

    [LoggerMessage(1204, LogLevel.Critical, "The fetch of {Hash} ended with a fault of the daemon's own")]
    private partial void LogFault(Exception exception, ContentHash hash);
}
