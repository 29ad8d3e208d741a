namespace AptP2P.Host.Fetching.Channels;

/// <summary>The channels of one fetch: opens them, sees to it that each is worked, and knows what may still come of them.</summary>
/// <param name="content">What they are for.</param>
/// <param name="services">The sources, and how many channels there may be.</param>
/// <param name="work">Works a channel until it has nothing more to do, or has failed.</param>
/// <param name="changed">Told when a channel has come, or no more will come of a source.</param>
/// <param name="logger">The fetch's.</param>
internal sealed partial class FetchChannels(
    Content content, FetchEnvironment services, Func<FetchChannel, CancellationToken, Task> work, Action changed,
    ILogger logger) : IAsyncDisposable
{
    private volatile FetchChannel[] _channels = []; // replaced and never changed: each idle channel looks through it many times a second
    private readonly List<(Task Task, ISource? Source)> _tasks = [];
    private readonly Lock _lock = new();
    private int _openingOrigin; // sources that are still opening channels, by role
    private int _openingPeers;
    private TimeSpan _searchPause = services.Options.SearchAgain;
    private long _searchedAt;
    private bool _mayAskPeers = services.MayAskPeers(content);
    private long _originOpenedAt;
    private readonly HashSet<string> _others = [.. OtherArchives(content, services.Named)];
    private readonly Congestion _congestion = new(services.Options, services.Time);

    /// <summary>Whether the content has an origin at all.</summary>
    public bool HasOrigin { get; } = !content.Origins.IsEmpty && services.Sources.Any(source => source.Role == SourceRole.Origin);

    private bool HasPeers => _mayAskPeers && services.Sources.Any(source => source.Role == SourceRole.Peers);

    public bool IsOriginOpened { get; private set; }

    /// <summary>How far peers have been asked for.</summary>
    public PeerUse PeersOpened { get; private set; }

    /// <summary>Whether an origin's channel may still come. One that takes for ever is not waited for.</summary>
    public bool IsOpeningOrigin => Volatile.Read(ref _openingOrigin) > 0 && UntilOriginOpened > TimeSpan.Zero;

    /// <summary>How long an origin's channel is waited for.</summary>
    public TimeSpan UntilOriginOpened => services.Options.OriginAnyway - services.Time.GetElapsedTime(_originOpenedAt);

    public bool IsOpeningPeers => Volatile.Read(ref _openingPeers) > 0;

    /// <summary>Whether the origin was tried, and nothing more will come of it.</summary>
    public bool HasOriginFailed => IsOriginOpened && !IsOpeningOrigin && All.All(channel => channel.IsPeer || channel.IsRetired);

    public bool IsOriginLeft => HasOrigin && !HasOriginFailed;

    public bool IsAPeerLeft => All.Any(channel => channel is { IsPeer: true, IsRetired: false });

    /// <summary>Whether peers are being looked for, or will be.</summary>
    public bool MayFindPeers => HasPeers && (PeersOpened != PeerUse.Search || IsOpeningPeers);

    /// <summary>Whether the search for peers is over, and each that was found has told what has to be known of it.</summary>
    public bool IsSearchFinished =>
        !HasPeers || (PeersOpened == PeerUse.Search && !IsOpeningPeers && Live().TrueForAll(channel => !channel.IsPeer || channel.IsReady));

    public IReadOnlyList<FetchChannel> All => _channels;

    public List<FetchChannel> Live() => [.. _channels.Where(channel => !channel.IsRetired)];

    /// <summary>Those of the origins that have not failed, in the order in which they are brought in.</summary>
    public List<FetchChannel> LiveOrigins() =>
        [.. _channels.Where(channel => channel is { IsPeer: false, IsRetired: false }).OrderBy(channel => channel.Turn)];

    /// <summary>How the first origin failed, or else a peer: what the origin said is what apt would have heard without us.</summary>
    public FetchFailure? Failure() =>
        All.Where(channel => channel.IsRetired).OrderBy(channel => channel.IsPeer).FirstOrDefault() is { } failed
            ? FetchFailure.Of(failed)
            : null;

    /// <summary>
    /// Gives a channel up, and before it the other names of an origin's file, unless it is the file that was at fault: the host has been
    /// asked, and its client asks for other names itself. Before, since whoever looks for work meanwhile must not find a name whose turn it
    /// seems to be.
    /// </summary>
    public void Retire(FetchChannel channel, ChannelResult result)
    {
        if (!channel.IsPeer && FetchChannel.IsOfTheHost(result))
        {
            foreach (var namesake in All.Where(other => other != channel && !other.IsPeer && other.Host == channel.Host))
            {
                namesake.Retire(result);
            }
        }

        channel.Retire(result);
    }

    public void OpenOrigin(CancellationToken cancellationToken)
    {
        if (!IsOriginOpened)
        {
            (IsOriginOpened, _originOpenedAt) = (true, services.Time.GetTimestamp());
            Open(SourceRole.Origin, SearchEffort.Search, cancellationToken);
        }
    }

    public void OpenPeers(PeerUse use, CancellationToken cancellationToken)
    {
        _mayAskPeers = _mayAskPeers || services.MayAskPeers(content);
        if (_mayAskPeers && use > PeersOpened)
        {
            PeersOpened = use;
            Open(SourceRole.Peers, use == PeerUse.Search ? SearchEffort.Search : SearchEffort.Known, cancellationToken);
        }
    }

    /// <summary>When <see cref="SearchAgain"/> has something to do.</summary>
    public TimeSpan? NextSearch =>
        CanSearchAgain
            ? _searchPause - services.Time.GetElapsedTime(_searchedAt) is { Ticks: > 0 } left
                ? left
                : TimeSpan.FromMilliseconds(1)
            : null;

    private bool CanSearchAgain =>
        services.IsForCrowd(content.Length) && PeersOpened == PeerUse.Search && !IsOpeningPeers && Live().Count < services.Options.Channels;

    /// <summary>Looks whether somebody else has come to get or to have the content, from time to time.</summary>
    public void SearchAgain(CancellationToken cancellationToken)
    {
        if (CanSearchAgain && services.Time.GetElapsedTime(_searchedAt) >= _searchPause)
        {
            _searchPause = _searchPause * 2 < services.Options.SearchAgainMax ? _searchPause * 2 : services.Options.SearchAgainMax;
            Open(SourceRole.Peers, SearchEffort.Search, cancellationToken);
        }
    }

    /// <summary>Makes the end of a task part of the end of this.</summary>
    public void Own(Task task, ISource? source = null)
    {
        lock (_lock)
        {
            _tasks.Add((task, source));
        }
    }

    /// <summary>
    /// Waits for every task that was started; those that end may have started more. Not for ever: what a plugin does not end when it is
    /// told to is left to itself, since the next fetch of the content waits for this.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        var began = services.Time.GetTimestamp();
        while (Running() is { Length: > 0 } running
            && services.Options.PluginTime - services.Time.GetElapsedTime(began) is { Ticks: > 0 } left)
        {
            await Task.WhenAll(running.Select(own => own.Task)).WaitAsync(left, services.Time) // each has said what it had to
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        foreach (var (task, source) in Running())
        {
            LogNotEnded(source?.Name ?? "store", content.Hash, services.Options.PluginTime.TotalSeconds);
            services.Gates.Leave(source, task);
        }

        foreach (var channel in _channels)
        {
            await DisposeAsync(channel);
        }
    }

    private async Task DisposeAsync(FetchChannel channel)
    {
        try
        {
            var disposing = Task.Run(() => channel.Channel.DisposeAsync().AsTask());
            services.Gates.Leave(channel.Source, disposing);
            await disposing.WaitAsync(services.Options.PluginTime, services.Time);
        }
        catch (Exception e)
        {
            LogPlugin(e, channel.Source.Name);
        }
    }

    private (Task Task, ISource? Source)[] Running()
    {
        lock (_lock)
        {
            return [.. _tasks.Where(own => !own.Task.IsCompleted)];
        }
    }

    private void Open(SourceRole role, SearchEffort effort, CancellationToken cancellationToken)
    {
        _searchedAt = role == SourceRole.Peers ? services.Time.GetTimestamp() : _searchedAt;
        foreach (var source in services.Sources.Where(source => source.Role == role && !services.Gates.IsLeftOut(source)))
        {
            Interlocked.Increment(ref Opening(role));
            Own(OpenAsync(source, effort, cancellationToken), source);
        }
    }

    private async Task OpenAsync(ISource source, SearchEffort effort, CancellationToken cancellationToken)
    {
        await Task.Yield(); // a plugin's code never runs on the coordinator's stack
        try
        {
            var (channels, next) = await services.Gates.StartAsync(
                source, () => Begin(source, effort, cancellationToken), cancellationToken);
            await using (channels)
            {
                for (; await next; next = channels.MoveNextAsync().AsTask())
                {
                    if (!TryAdd(MakeChannel(channels.Current, source), cancellationToken))
                    {
                        await channels.Current.DisposeAsync();
                    }
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
            changed();
        }
    }

    private (IAsyncEnumerator<IChannel> Channels, Task<bool> Next) Begin(
        ISource source, SearchEffort effort, CancellationToken cancellationToken)
    {
        var channels = source.OpenAsync(content, effort, cancellationToken).GetAsyncEnumerator(CancellationToken.None);
        return (channels, channels.MoveNextAsync().AsTask());
    }

    private FetchChannel MakeChannel(IChannel channel, ISource source)
    {
        var isOrigin = source.Role == SourceRole.Origin;
        var host =
            isOrigin && content.Origins.FirstOrDefault(origin => origin.ToString() == channel.Name) is { } named
                ? named.Authority
                : channel.Name;
        return new(channel, source, _congestion, services.Options, services.Time)
        {
            Host = host,
            IsOfAnotherArchive = isOrigin && _others.Contains(channel.Name),
            Turn = !isOrigin
                ? 0
                : (services.Origins.IsTroubled(host) ? 2 : 0) + (channel.Name != host && services.Origins.IsTroubled(channel.Name) ? 1 : 0),
        };
    }

    private bool TryAdd(FetchChannel channel, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // Origins that wait for their turn cost nothing, and are as many as the operator listed.
            var isTooMany = channel.IsPeer && _channels.Count(other => !other.IsRetired) >= services.Options.Channels;
            if (cancellationToken.IsCancellationRequested || isTooMany || _channels.Any(other => IsSame(other, channel)))
            {
                return false;
            }

            _channels = [.. _channels, channel];
            _tasks.Add((WorkAsync(channel, cancellationToken), channel.Source));
        }

        changed();
        return true;
    }

    private async Task WorkAsync(FetchChannel channel, CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            await work(channel, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            LogPlugin(e, channel.Source.Name);
            channel.Retire(new ChannelResult(ChannelOutcome.Protocol, e.Message));
            changed();
        }
    }

    /// <summary>How channels to origins are called that the client did not name.</summary>
    private static IEnumerable<string> OtherArchives(Content content, NamedOrigins named) =>
        content.Origins.Length < 2
            ? []
            : content.Origins.Except(named.Of(content)).SelectMany(origin => (string[])[origin.Authority, origin.ToString()]);

    private ref int Opening(SourceRole role) => ref (role == SourceRole.Peers ? ref _openingPeers : ref _openingOrigin);

    private static bool IsSame(FetchChannel one, FetchChannel other) =>
        one.Source == other.Source && one.Channel.Name == other.Channel.Name;

    [LoggerMessage(1203, LogLevel.Error, "The source {Source} has a fault; the fetch goes on without it")]
    private partial void LogPlugin(Exception exception, string source);

    [LoggerMessage(
        1208, LogLevel.Error,
        "The source {Source} has not ended its work for {Hash} in {Seconds} s, as it was told to: it is left to itself")]
    private partial void LogNotEnded(string source, ContentHash hash, double seconds);
}
