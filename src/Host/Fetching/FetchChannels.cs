namespace AptP2P.Host.Fetching;

/// <summary>The channels of one fetch: opens them, sees to it that each is worked, and knows what may still come of them.</summary>
/// <param name="content">What they are for.</param>
/// <param name="services">The sources, and how many channels there may be.</param>
/// <param name="work">Works a channel until it has nothing more to do, or has failed.</param>
/// <param name="changed">Told when a channel has come, or no more will come of a source.</param>
/// <param name="logger">The fetch's.</param>
internal sealed partial class FetchChannels(
    Content content, FetchServices services, Func<FetchChannel, CancellationToken, Task> work, Action changed, ILogger logger) : IAsyncDisposable
{
    private volatile FetchChannel[] _channels = []; // replaced and never changed: each idle channel looks through it many times a second
    private readonly List<Task> _tasks = [];
    private readonly Lock _lock = new();
    private int _openingOrigin; // sources that are still opening channels, by role
    private int _openingPeers;
    private TimeSpan _searchPause = services.Options.SearchAgain;
    private long _searchedAt;
    private bool _mayAskPeers = services.MayAskPeers(content);
    private readonly Congestion _congestion = new(services.Options, services.Time);

    /// <summary>Whether the content has an origin at all.</summary>
    public bool HasOrigin { get; } = !content.Origins.IsEmpty && services.Sources.Any(source => source.Role == SourceRole.Origin);

    private bool HasPeers => _mayAskPeers && services.Sources.Any(source => source.Role == SourceRole.Peers);

    public bool IsOriginOpened { get; private set; }

    /// <summary>How far peers have been asked for.</summary>
    public PeerUse PeersOpened { get; private set; }

    public bool IsOpeningPeers => Volatile.Read(ref _openingPeers) > 0;

    /// <summary>Whether the origin was tried, and nothing more will come of it.</summary>
    public bool HasOriginFailed => IsOriginOpened && Volatile.Read(ref _openingOrigin) == 0 && All.All(channel => channel.IsPeer || channel.IsRetired);

    public bool IsOriginLeft => HasOrigin && !HasOriginFailed;

    public bool IsAPeerLeft => All.Any(channel => channel is { IsPeer: true, IsRetired: false });

    /// <summary>Whether peers are being looked for, or will be.</summary>
    public bool MayFindPeers => HasPeers && (PeersOpened != PeerUse.Search || IsOpeningPeers);

    /// <summary>Whether the search for peers is over, and each that was found has told what has to be known of it.</summary>
    public bool IsSearchFinished => !HasPeers || (PeersOpened == PeerUse.Search && !IsOpeningPeers && Live().TrueForAll(channel => !channel.IsPeer || channel.IsReady));

    public IReadOnlyList<FetchChannel> All => _channels;

    public List<FetchChannel> Live() => [.. _channels.Where(channel => !channel.IsRetired)];

    /// <summary>Those of the origins that have not failed, in the order in which they are brought in.</summary>
    public List<FetchChannel> LiveOrigins() => [.. _channels.Where(channel => channel is { IsPeer: false, IsRetired: false }).OrderBy(channel => channel.Turn)];

    /// <summary>How the first origin failed, or else a peer: what the origin said is what apt would have heard without us.</summary>
    public FetchFailure? Failure() =>
        All.Where(channel => channel.IsRetired).OrderBy(channel => channel.IsPeer).FirstOrDefault() is { } failed ? FetchFailure.Of(failed) : null;

    /// <summary>
    /// Gives a channel up, and before it the other names of an origin's file, unless it is the file that was at fault: the host has been asked, and its
    /// client asks for other names itself. Before, since whoever looks for work meanwhile must not find a name whose turn it seems to be.
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
            IsOriginOpened = true;
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
        CanSearchAgain ? _searchPause - services.Time.GetElapsedTime(_searchedAt) is { Ticks: > 0 } left ? left : TimeSpan.FromMilliseconds(1) : null;

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
    public void Own(Task task)
    {
        lock (_lock)
        {
            _tasks.Add(task);
        }
    }

    /// <summary>Waits for every task that was started; those that end may have started more.</summary>
    public async ValueTask DisposeAsync()
    {
        while (Running() is { Length: > 0 } running)
        {
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // each has said what it had to
        }

        foreach (var channel in _channels)
        {
            await channel.Channel.DisposeAsync();
        }
    }

    private Task[] Running()
    {
        lock (_lock)
        {
            return [.. _tasks.Where(task => !task.IsCompleted)];
        }
    }

    private void Open(SourceRole role, SearchEffort effort, CancellationToken cancellationToken)
    {
        _searchedAt = role == SourceRole.Peers ? services.Time.GetTimestamp() : _searchedAt;
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
                if (!TryAdd(MakeChannel(channel, source), cancellationToken))
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
            changed();
        }
    }

    private FetchChannel MakeChannel(IChannel channel, ISource source)
    {
        var isOrigin = source.Role == SourceRole.Origin;
        var host = isOrigin && content.Origins.FirstOrDefault(origin => origin.ToString() == channel.Name) is { } named ? named.Authority : channel.Name;
        return new(channel, source, _congestion, services.Options, services.Time)
        {
            Host = host,
            Turn = !isOrigin ? 0 : (services.Origins.IsTroubled(host) ? 2 : 0) + (channel.Name != host && services.Origins.IsTroubled(channel.Name) ? 1 : 0),
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
            _tasks.Add(WorkAsync(channel, cancellationToken));
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

    private ref int Opening(SourceRole role) => ref (role == SourceRole.Peers ? ref _openingPeers : ref _openingOrigin);

    private static bool IsSame(FetchChannel one, FetchChannel other) => one.Source == other.Source && one.Channel.Name == other.Channel.Name;

    [LoggerMessage(1203, LogLevel.Error, "The source {Source} has a fault; the fetch goes on without it")]
    private partial void LogPlugin(Exception exception, string source);
}
