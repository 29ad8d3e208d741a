using System.Collections.Concurrent;
using System.Threading.Channels;
using AptP2P.Host.Apt;
using AptP2P.Host.Origins;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Catalog;

/// <summary>Gets an index and its bytes into the store, from wherever: the host's fetcher.</summary>
/// <returns>The stored content, to be disposed, or <see langword="null"/> when it cannot be had.</returns>
internal delegate Task<IStoredContent?> IndexFetch(Content content, CancellationToken cancellationToken);

/// <summary>
/// Makes the catalog get what it misses: when a package is asked for that no index has named, and when apt was told that its InRelease is
/// current while there is no copy here. One at a time, in the background; a request never waits for it.
/// </summary>
internal sealed partial class CatalogRefresh(
    ArchiveCatalog catalog, CatalogReader reader, MetadataCopies copies, MetadataKeeping keeping, AptLists lists, OriginReader origins, OtherOrigins others, IndexFetch fetch,
    IOptions<CatalogOptions> options, TimeProvider time, ILogger<CatalogRefresh> logger) : BackgroundService
{
    /// <summary>apt asks for all packages of an installation at once; they miss the same few suites. What does not fit will be asked for again.</summary>
    private const int MaxWaiting = 64;

    /// <summary>Suites and indexes whose last refresh is remembered. Stops a client that invents suites from filling memory.</summary>
    private const int MaxRemembered = 1000;

    private readonly Channel<Wish> _waiting = Channel.CreateBounded<Wish>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropWrite }, dropped => dropped.Done.SetResult());
    private readonly ConcurrentDictionary<ArchivePath, long> _refreshed = new();

    /// <summary>A package was asked for that the catalog does not know, or is not what it knows: its archive's indexes may have changed.</summary>
    /// <returns>Ends when they were looked at, or cannot be.</returns>
    public Task RequestMissing(Origin origin)
    {
        var wish = new Wish(origin, null);
        return ArchivePath.TryParse(origin, out var path, out _) && !SuitePath.IsRelease(path.Path) && !ByHashPath.TryParse(path.Path, out _) && _waiting.Writer.TryWrite(wish)
            ? wish.Done.Task
            : Task.CompletedTask;
    }

    /// <summary>
    /// A client did not like a stored package: it may have updated elsewhere, and the archive have another file by that name now. Looked at no more
    /// often than a suite, since others ask for the same again and again for good reasons.
    /// </summary>
    /// <returns>Ends when that was looked at; nothing to wait for if it was lately.</returns>
    public Task? Doubt(Origin origin) =>
        IsDue(new ArchivePath(origin.Scheme, origin.Host, origin.Port, "")) ? RequestMissing(origin) : null;

    /// <summary>apt's InRelease was answered 304, so it did not pass: get it if there is no copy, or an older one than apt's.</summary>
    /// <param name="origin">The Release.</param>
    /// <param name="since">The date of what apt has.</param>
    /// <returns>Ends when that is done, or cannot be.</returns>
    public Task Observe304(Origin origin, DateTimeOffset? since)
    {
        var wish = new Wish(origin, since);
        return ArchivePath.TryParse(origin, out var path, out _) && SuitePath.IsRelease(path.Path, out var isSignature) && !isSignature && _waiting.Writer.TryWrite(wish)
            ? wish.Done.Task
            : Task.CompletedTask;
    }

    /// <summary>Does now what was asked for: the suites that the file may belong to, or the suite of the Release.</summary>
    /// <param name="origin">The file or the Release.</param>
    /// <param name="since">The date of the Release that a client has.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RefreshAsync(Origin origin, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        if (!ArchivePath.TryParse(origin, out var path, out _))
        {
            return;
        }

        if (SuitePath.IsRelease(path.Path))
        {
            var directory = path with { Path = path.Directory };
            await using var copy = copies.Open(origin);
            var isOlder = copy?.Headers.LastModified < since;
            if (isOlder || copy is null || reader.FindSuite(directory) is null) // the catalog may have been begun anew
            {
                await RefreshSuiteAsync(origin, directory, missing: null, isDue: isOlder || IsDue(directory), cancellationToken);
            }

            return;
        }

        var before = catalog.Foresee(origin)?.Hash;
        await lists.ReadAsync(cancellationToken); // costs nobody anything; with pdiffs no index passes here, but apt has it by now
        ArchivePath[] directories = [.. reader.FindSuites(path).Select(suite => path with { Path = suite.Directory.Path }).Distinct()];
        foreach (var directory in directories)
        {
            await LearnNamedAsync(origin, directory, missing: null, cancellationToken); // the Release has passed, and not what it names
        }

        foreach (var directory in directories)
        {
            if (catalog.Foresee(origin) is not { } known || known.Hash == before)
            {
                await RefreshSuiteAsync(origin, directory, path.Path, IsDue(directory), cancellationToken);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var wish in _waiting.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await RefreshAsync(wish.Origin, wish.Since, stoppingToken);
            }
            catch (Exception failure) when (failure is IOException or HttpRequestException or SqliteException
                || (failure is OperationCanceledException && !stoppingToken.IsCancellationRequested)) // a timeout
            {
                LogFailed(wish.Origin.Authority, failure.Message);
            }
            finally
            {
                wish.Done.SetResult();
            }
        }
    }

    private async Task RefreshSuiteAsync(Origin client, ArchivePath directory, string? missing, bool isDue, CancellationToken cancellationToken)
    {
        if (!isDue)
        {
            return;
        }

        var result = await LearnReleaseAsync(client, directory with { Path = directory.Path + "InRelease" }, cancellationToken)
            ?? await LearnReleaseAsync(client, directory with { Path = directory.Path + "Release" }, cancellationToken);
        LogRefreshed(directory.Host, directory.Path, result?.Outcome ?? LearnOutcome.Failed);
        if (result is { Outcome: LearnOutcome.Learned or LearnOutcome.Known })
        {
            await LearnNamedAsync(client, directory, missing, cancellationToken);
        }
    }

    /// <summary>Learns the indexes that the newest Release names: those of which an earlier state was read, and those that may name what is missing.</summary>
    private async Task LearnNamedAsync(Origin client, ArchivePath directory, string? missing, CancellationToken cancellationToken)
    {
        if (reader.FindSuite(directory) is not { } suite)
        {
            return;
        }

        var current = reader.FindCurrent(suite.Id);
        foreach (var index in WantedIndexes.Of(current, reader.FindSlots(directory)).Union(WantedIndexes.For(current, missing)))
        {
            await LearnIndexAsync(client, directory with { Path = index.Path }, index, cancellationToken);
        }
    }

    /// <summary>Whether enough time has passed since the mirror was asked for this.</summary>
    private bool IsDue(ArchivePath asked)
    {
        var now = time.GetTimestamp();
        if (_refreshed.TryGetValue(asked, out var last) && time.GetElapsedTime(last, now) < options.Value.RefreshInterval)
        {
            return false;
        }

        if (_refreshed.Count >= MaxRemembered)
        {
            _refreshed.Clear();
        }

        _refreshed[asked] = now;
        return true;
    }

    /// <returns><see langword="null"/> when there is no such file.</returns>
    private async Task<LearnResult?> LearnReleaseAsync(Origin client, ArchivePath path, CancellationToken cancellationToken)
    {
        var origin = client with { RawPath = path.RawPath };
        using var response = await origins.GetAsync(origin, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            return null;
        }

        await using var draft = copies.Begin(origin, MetadataHeaders.Of(response, time.GetUtcNow()), hasAuthorization: false);
        if (draft is null)
        {
            return null;
        }

        await draft.ReadAsync(response, time, cancellationToken);
        var learned = (await keeping.KeepAsync(draft, cancellationToken)).Learned;
        return keeping.IsWaiting(path) ? await LearnReleaseAsync(client, path with { Path = path.Path + ".gpg" }, cancellationToken) : learned;
    }

    private async Task LearnIndexAsync(Origin client, ArchivePath path, NamedIndex index, CancellationToken cancellationToken)
    {
        var origin = client with { RawPath = path.RawPath };
        if (!index.IsCurrent || catalog.IsLearned(path, index) || !IsDue(path with { Path = index.ByHash }))
        {
            return;
        }

        var stored = await fetch(new Content(index.Hash, index.Size, others.OfIndex(origin, path, index)), cancellationToken);
        if (stored is null)
        {
            LogNotFetched(path.Host, path.Path);
            return;
        }

        await catalog.LearnIndexAsync(origin, index.Hash, () => ValueTask.FromResult<Stream>(new ContentStream(stored)), cancellationToken);
    }

    /// <param name="Origin">What was asked for.</param>
    /// <param name="Since">The date of the Release that the client has.</param>
    private sealed record Wish(Origin Origin, DateTimeOffset? Since)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [LoggerMessage(1330, LogLevel.Debug, "{Host} could not be asked for what is missing: {Reason}")]
    private partial void LogFailed(string host, string reason);

    [LoggerMessage(1331, LogLevel.Information, "The Release of {Host}{Path} was read again: {Outcome}")]
    private partial void LogRefreshed(string host, string path, LearnOutcome outcome);

    [LoggerMessage(1332, LogLevel.Warning, "The index {Host}{Path} could not be fetched")]
    private partial void LogNotFetched(string host, string path);
}
