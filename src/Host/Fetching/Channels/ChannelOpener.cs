using AptP2P.Host.Telemetry;

namespace AptP2P.Host.Fetching.Channels;

/// <summary>Has the sources open channels for one fetch, and sees to it that each of them is worked.</summary>
/// <param name="content">What the channels are for.</param>
/// <param name="environment">The sources.</param>
/// <param name="channels">The fetch's channels.</param>
/// <param name="search">How far the sources were asked.</param>
/// <param name="otherArchives">The names of channels to origins that the client did not name.</param>
/// <param name="dispatcher">Gives the channels their work, and is told when one has come or no more will come of a source.</param>
/// <param name="logger">The fetch's.</param>
internal sealed partial class ChannelOpener(
    Content content, ChannelEnvironment environment, FetchChannels channels, SourceSearch search, IReadOnlySet<string> otherArchives,
    IDispatcher dispatcher, ILogger logger) : IAsyncDisposable
{
    private readonly OwnedTasks _tasks = new(content.Hash, environment, logger);
    private readonly Congestion _congestion = new(environment.Options, environment.Time);

    /// <summary>Whatever the policy says: it costs nothing, and nobody hears of it.</summary>
    public void OpenLocal(CancellationToken cancellationToken)
    {
        if (search.TryLocal())
        {
            Open(SourceRole.Local, SearchEffort.Search, cancellationToken);
        }
    }

    public void OpenOrigin(CancellationToken cancellationToken)
    {
        if (search.TryOrigin())
        {
            Open(SourceRole.Origin, SearchEffort.Search, cancellationToken);
        }
    }

    public void OpenPeers(PeerUse use, CancellationToken cancellationToken)
    {
        if (search.TryPeers(use))
        {
            Open(SourceRole.Peers, use == PeerUse.Search ? SearchEffort.Search : SearchEffort.Known, cancellationToken);
        }
    }

    /// <summary>Looks from time to time whether somebody else has come to get or to have the content.</summary>
    public void SearchAgain(CancellationToken cancellationToken)
    {
        if (search.TryRepeat())
        {
            Open(SourceRole.Peers, search.Repeated, cancellationToken);
        }
    }

    /// <summary>Has <see cref="DisposeAsync()"/> wait for a task.</summary>
    public void Own(Task task) => _tasks.Add(task);

    /// <summary>Waits for the work to end, and closes the channels.</summary>
    public async ValueTask DisposeAsync()
    {
        await _tasks.EndAsync();
        foreach (var channel in channels.All)
        {
            await DisposeAsync(channel);
        }
    }

    private async Task DisposeAsync(FetchChannel channel)
    {
        try
        {
            var disposing = Task.Run(() => channel.Channel.DisposeAsync().AsTask());
            environment.Gates.Leave(channel.Source, disposing);
            await disposing.WaitAsync(environment.Options.PluginTime, environment.Time);
        }
        catch (Exception e)
        {
            LogPlugin(e, channel.Source.Name);
        }
    }

    private void Open(SourceRole role, SearchEffort effort, CancellationToken cancellationToken)
    {
        foreach (var source in environment.SourcesOf(role))
        {
            search.Began(role);
            _tasks.Add(OpenAsync(source, effort, cancellationToken), source);
        }
    }

    private async Task OpenAsync(ISource source, SearchEffort effort, CancellationToken cancellationToken)
    {
        await Task.Yield(); // a plugin's code never runs on the coordinator's stack
        using var span = Tracing.StartBeside("look-up");
        var found = 0;
        try
        {
            var (opened, next) = await environment.Gates.StartAsync(
                source, () => Begin(source, effort, cancellationToken), cancellationToken);
            await using (opened)
            {
                for (; await next; next = opened.MoveNextAsync().AsTask())
                {
                    found++;
                    if (!TryAdd(MakeChannel(opened.Current, source, effort), cancellationToken))
                    {
                        await opened.Current.DisposeAsync();
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
            search.Ended(source.Role);
            span?.SetTag("aptp2p.source", source.Name).SetTag("aptp2p.channels", found);
            Tell();
        }
    }

    private (IAsyncEnumerator<IChannel> Channels, Task<bool> Next) Begin(
        ISource source, SearchEffort effort, CancellationToken cancellationToken)
    {
        var opened = source.OpenAsync(content, effort, cancellationToken).GetAsyncEnumerator(CancellationToken.None);
        return (opened, opened.MoveNextAsync().AsTask());
    }

    private FetchChannel MakeChannel(IChannel channel, ISource source, SearchEffort effort)
    {
        var isOrigin = source.Role == SourceRole.Origin;
        var host =
            isOrigin && content.Origins.FirstOrDefault(origin => origin.ToString() == channel.Name) is { } named
                ? named.Authority
                : channel.Name;
        var origins = environment.Origins;
        return new(channel, source, _congestion, environment.Options, environment.Time)
        {
            Host = host,
            Speed = environment.Speeds.Of(source.Role, host),
            WasSearched = effort == SearchEffort.Search,
            IsOfAnotherArchive = isOrigin && otherArchives.Contains(channel.Name),
            Turn = !isOrigin
                ? 0
                : (origins.IsTroubled(host) ? 2 : 0) + (channel.Name != host && origins.IsTroubled(channel.Name) ? 1 : 0),
        };
    }

    private bool TryAdd(FetchChannel channel, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested || !channels.TryAdd(channel))
        {
            return false;
        }

        if (channel is { IsPeer: true, IsNear: true })
        {
            environment.Peers.FoundNeighbour();
        }

        _tasks.Add(WorkAsync(channel, cancellationToken), channel.Source);
        Tell();
        return true;
    }

    private async Task WorkAsync(FetchChannel channel, CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            await new ChannelWorker(dispatcher, channel, environment).RunAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            LogPlugin(e, channel.Source.Name);
            channel.Retire(new ChannelResult(ChannelOutcome.Protocol, e.Message));
            Tell();
        }
    }

    private void Tell()
    {
        dispatcher.Reconsider();
        dispatcher.Wake();
    }

    [LoggerMessage(1203, LogLevel.Error, "The source {Source} has a fault; the fetch goes on without it")]
    private partial void LogPlugin(Exception exception, string source);
}
