using System.Collections.Concurrent;
using System.Diagnostics;
using AptP2P.Host.Storage.Checking;

namespace AptP2P.Host.Fetching;

/// <summary>One fetch per content, however many want it.</summary>
internal sealed partial class Fetcher(FetchEnvironment environment, IContentStore store, StoreCheck check, ILogger<Fetcher> logger)
    : IHostedService,
        IDisposable
{
    private readonly ConcurrentDictionary<ContentHash, Fetch> _fetches = new();
    private readonly DistrustedContents _distrusted = new(environment.Options.Distrust, environment.Time);
    private readonly ConcurrentDictionary<Fetch, Task> _running = new();
    private readonly SemaphoreSlim _beginning = new(1);
    private readonly SemaphoreSlim _slots = new(environment.Options.Fetches);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Raised when a fetch has begun that others may want to share. Handlers return at once.</summary>
    public event Action<Content>? Began;

    /// <summary>Raised when a content that <see cref="Began"/> named could not be had. Handlers return at once.</summary>
    public event Action<Content>? Failed;

    /// <summary>Raised when a content has been fetched, verified and stored. Handlers return at once.</summary>
    public event Action<Content, PieceList?>? Published;

    /// <summary>All fetches that are not over, those that wait for their turn too.</summary>
    public IEnumerable<Fetch> Running => _running.Select(running => running.Key).Where(fetch => !fetch.Outcome.IsCompleted);

    /// <summary>The fetch of a content, while it runs.</summary>
    public Fetch? Find(ContentHash hash) => _fetches.GetValueOrDefault(hash);

    /// <summary>Joins the fetch of a content, or begins it. What another archive is bringing has to be proven first.</summary>
    /// <returns><see langword="null"/> when there is nothing to fetch, since the content has come into the store.</returns>
    /// <exception cref="IOException">The store cannot take it, or is taking it for another archive, and that would be long.</exception>
    public async Task<FetchReader?> JoinAsync(Content content, CancellationToken cancellationToken)
    {
        var came = environment.Time.GetTimestamp();
        while (true)
        {
            Fetch? running;
            bool isShared;
            await _beginning.WaitAsync(cancellationToken);
            try
            {
                _stop.Token.ThrowIfCancellationRequested();
                if (!_fetches.TryGetValue(content.Hash, out running) || running.IsPublished) // what it has is stored, or was damaged since
                {
                    return await BeginAsync(content, cancellationToken);
                }

                isShared = environment.Named.AreShared(running.Content, content);
                if (isShared && running.TryJoin() is { } reader)
                {
                    Activity.Current?.AddLink(new ActivityLink(running.Trace));
                    return reader;
                }
            }
            finally
            {
                _beginning.Release();
            }

            if (!isShared)
            {
                await WaitForProofAsync(running, content, came, cancellationToken);
            }

            if (!running.IsPublished)
            {
                await ReplaceAsync(running, cancellationToken);
            }
        }
    }

    /// <summary>Fetches a content for the daemon's own use.</summary>
    public async Task<IStoredContent?> FetchAsync(Content content, CancellationToken cancellationToken)
    {
        if (await check.OpenAsync(content, cancellationToken) is { } stored)
        {
            return stored;
        }

        if (await JoinAsync(content, cancellationToken) is { } reader)
        {
            await using (reader)
            {
                await reader.Outcome.WaitAsync(cancellationToken);
            }
        }

        return await check.OpenAsync(content, cancellationToken);
    }

    /// <summary>
    /// Takes in a content whose bytes are here already, verified, as if it had just been fetched. Without room for it, it is not kept.
    /// </summary>
    public async Task AdoptAsync(Content content, Func<Stream> open, CancellationToken cancellationToken)
    {
        FetchReader? reader = null;
        await _beginning.WaitAsync(cancellationToken);
        try
        {
            if (!_fetches.ContainsKey(content.Hash) && !_stop.IsCancellationRequested && await CopyAsync(content, open, cancellationToken))
            {
                reader = await BeginAsync(content, cancellationToken); // it finds all of it there
            }
        }
        catch (IOException)
        {
            // A full disk, which the store has told of.
        }
        finally
        {
            _beginning.Release();
        }

        await using (reader)
        {
            await (reader?.Outcome ?? Task.CompletedTask).WaitAsync(cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Running fetches end; what they have is kept in their partial files.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running.Values).WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        _stop.Dispose();
        _slots.Dispose();
        _beginning.Dispose();
    }

    /// <summary>
    /// Waits for what another archive is bringing. Until the whole is right it is that archive's word alone, and any archive can name a
    /// hash: so nobody waits for it for long.
    /// </summary>
    private async Task WaitForProofAsync(Fetch running, Content wanted, long came, CancellationToken cancellationToken)
    {
        while (!running.Outcome.IsCompleted)
        {
            var left = environment.Options.OthersTime - environment.Time.GetElapsedTime(came);
            if (running.Content.Length != wanted.Length || left <= TimeSpan.Zero || running.TimeLeft > left)
            {
                LogAlone(wanted.Origins.FirstOrDefault()?.Authority, wanted.Hash, running.Content.Origins.FirstOrDefault()?.Authority);
                throw new IOException("another archive is getting a file of this hash");
            }

            var pause = environment.Options.LookAround;
            await ((Task)running.Outcome)
                .WaitAsync(left < pause ? left : pause, environment.Time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Waits until a fetch that brings nothing more has let go of what it has, so that another can continue with that.</summary>
    private async Task ReplaceAsync(Fetch failed, CancellationToken cancellationToken)
    {
        await failed.Ended.WaitAsync(environment.Options.LetGo, environment.Time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        failed.LetGo();
        await failed.Ended.WaitAsync(cancellationToken);
    }

    private async Task<FetchReader?> BeginAsync(Content content, CancellationToken cancellationToken)
    {
        if (await check.OpenAsync(content, cancellationToken) is { } stored)
        {
            await stored.DisposeAsync(); // published since the caller looked
            return null;
        }

        var partial = await store.BeginAsync(content.Hash, content.Length, cancellationToken);
        await environment.Named.ClaimAsync(partial, content, cancellationToken);
        var fetch = new Fetch(content, environment, _distrusted.Contains(content.Hash), partial, logger);
        var reader = fetch.TryJoin();
        _fetches[content.Hash] = fetch;
        _running[fetch] = RunAsync(fetch);
        return reader;
    }

    /// <returns>Whether it was not stored yet.</returns>
    private async Task<bool> CopyAsync(Content content, Func<Stream> open, CancellationToken cancellationToken)
    {
        if (await store.OpenAsync(content.Hash, cancellationToken) is { } stored)
        {
            await stored.DisposeAsync();
            return false;
        }

        await using var bytes = open();
        await using var partial = await store.BeginAsync(content.Hash, content.Length, cancellationToken);
        var buffer = new byte[64 << 10];
        long offset = 0;
        for (int count; (count = await bytes.ReadAsync(buffer, cancellationToken)) > 0; offset += count)
        {
            await partial.WriteAsync(offset, buffer.AsMemory(0, count), cancellationToken);
        }

        await partial.MarkAsync(new ByteRange(0, offset), cancellationToken);
        return true;
    }

    private async Task RunAsync(Fetch fetch)
    {
        await Task.Yield(); // the caller holds the gate
        try
        {
            await _slots.WaitAsync(_stop.Token);
            try
            {
                var run = fetch.RunAsync(_stop.Token);
                if (environment.IsForCrowd(fetch.Content.Length))
                {
                    Began?.Invoke(fetch.Content);
                }

                Conclude(fetch, await fetch.Outcome);

                await run;
            }
            finally
            {
                _slots.Release();
            }

            await fetch.EmptyAsync();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        finally
        {
            await fetch.DisposeAsync();
            _fetches.TryRemove(new(fetch.Content.Hash, fetch)); // another may have begun since it was published
            _running.TryRemove(fetch, out _);
            fetch.End();
        }
    }

    private void Conclude(Fetch fetch, bool isPublished)
    {
        if (isPublished)
        {
            Published?.Invoke(fetch.Content, fetch.Pieces);
            return;
        }

        if (environment.IsForCrowd(fetch.Content.Length))
        {
            Failed?.Invoke(fetch.Content);
        }

        if (fetch.ArePeersSuspected)
        {
            _distrusted.Add(fetch.Content.Hash);
        }
    }

    [LoggerMessage(
        1207, LogLevel.Information, "{Origin} is asked alone for {Hash}: {Other} is said to have it too, and does not get on with it")]
    private partial void LogAlone(string? origin, ContentHash hash, string? other);
}
