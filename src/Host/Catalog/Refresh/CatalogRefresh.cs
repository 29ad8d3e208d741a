using System.Collections.Concurrent;
using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Database;
using AptP2P.Host.Catalog.Identifying;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Catalog.Metadata;
using AptP2P.Host.Catalog.Suites;
using AptP2P.Host.Origins;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Catalog.Refresh;

/// <summary>Gets an index and its bytes into the store, from wherever: the host's fetcher.</summary>
/// <returns>The stored content, to be disposed, or <see langword="null"/> when it cannot be had.</returns>
internal delegate Task<IStoredContent?> IndexFetch(Content content, CancellationToken cancellationToken);

/// <summary>
/// Makes the catalog get what it misses: when a package is asked for that no index has named, and when apt was told that its InRelease is
/// current while there is no copy here; and makes it ask again where what it knows is in doubt. In the background; a request waits for a
/// moment at most.
/// </summary>
internal sealed partial class CatalogRefresh(
    ArchiveCatalog catalog, CatalogReader reader, MetadataCopies copies, MetadataKeeping keeping, AptLists lists, OriginReader origins,
    ContentOrigins others, IndexFetch fetch, IOptions<CatalogOptions> options, TimeProvider time,
    ILogger<CatalogRefresh> logger) : BackgroundService
{
    /// <summary>Suites whose doubt is remembered. Stops a client that invents suites from filling memory.</summary>
    private const int MaxDoubts = 1_000;

    /// <summary>
    /// How long the archive's word on a suite that was in doubt counts, before it is asked again. Stops clients that doubt everything, as
    /// with <c>Acquire::http::No-Cache</c>, from making each request one for a Release.
    /// </summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    private readonly RefreshQueue<Wish> _waiting = new();
    private readonly RecentQuestions _asked = new(time);
    private readonly ConcurrentDictionary<ArchivePath, (long Since, Task Done)> _doubts = new();

    /// <summary>
    /// A package was asked for that the catalog does not know, or is not what it knows: its archive's indexes may have changed.
    /// </summary>
    /// <returns>Ends when they were looked at, or cannot be.</returns>
    public Task RequestMissing(Origin origin) =>
        ArchivePath.TryParse(origin, out var path, out _) && !SuitePath.IsRelease(path.Path) && !ByHashPath.TryParse(path.Path, out _)
            ? Add(new Wish(origin, cancellationToken => RefreshAsync(origin, null, cancellationToken)))
            : Task.CompletedTask;

    /// <summary>
    /// A client did not like a stored file, or wants to know what the archive has: another file by that name by now, or another index than
    /// the one that was learned. The archive is asked for the whole Releases that name the file, and what they say replaces what is known,
    /// unless that is signed as apt wants it. Whoever was on the path to the archive then is gone, so nothing of what they forged stays.
    /// </summary>
    /// <returns>Ends when the archive has said it, or cannot.</returns>
    public Task Doubt(Origin origin)
    {
        if (!ArchivePath.TryParse(origin, out var path, out _))
        {
            return Task.CompletedTask;
        }

        return Task.WhenAll(catalog.ReleasesOf(origin).Select(directory => Doubt(origin, path with { Path = directory }, path.Path)));
    }

    /// <summary>apt's InRelease was answered 304, so it did not pass: get it if there is no copy, or an older one than apt's.</summary>
    /// <param name="origin">The Release.</param>
    /// <param name="since">The date of what apt has.</param>
    /// <returns>Ends when that is done, or cannot be.</returns>
    public Task Observe304(Origin origin, DateTimeOffset? since)
    {
        return ArchivePath.TryParse(origin, out var path, out _) && SuitePath.IsRelease(path.Path, out var isSignature) && !isSignature
            ? Add(new Wish(origin, cancellationToken => RefreshAsync(origin, since, cancellationToken)))
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
                await RefreshSuiteAsync(
                    origin, directory, missing: null, isDue: isOlder || IsDue(directory), settles: false, cancellationToken);
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
                await RefreshSuiteAsync(origin, directory, path.Path, IsDue(directory), settles: false, cancellationToken);
            }
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _waiting.RunAsync(DoAsync, stoppingToken);

    private async Task DoAsync(Wish wish, CancellationToken stopping)
    {
        try
        {
            await wish.Work(stopping);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException or SqliteException
            || (failure is OperationCanceledException && !stopping.IsCancellationRequested)) // a timeout
        {
            LogFailed(wish.Origin.Authority, failure.Message);
        }
        finally
        {
            wish.Done.SetResult();
        }
    }

    private Task Add(Wish wish) => _waiting.TryAdd(wish.Origin.Authority, wish) ? wish.Done.Task : Task.CompletedTask;

    private Task Doubt(Origin origin, ArchivePath directory, string missing)
    {
        var now = time.GetTimestamp();
        if (_doubts.TryGetValue(directory, out var last) && time.GetElapsedTime(last.Since, now) < Settled)
        {
            return last.Done;
        }

        if (_doubts.Count >= MaxDoubts)
        {
            _doubts.Clear();
        }

        var done = Add(new Wish(origin, async cancellationToken =>
        {
            await lists.ReadAsync(cancellationToken);
            await RefreshSuiteAsync(origin, directory, missing, isDue: true, settles: true, cancellationToken);
        }));
        _doubts[directory] = (now, done);
        return done;
    }

    private async Task RefreshSuiteAsync(
        Origin client, ArchivePath directory, string? missing, bool isDue, bool settles, CancellationToken cancellationToken)
    {
        if (!isDue)
        {
            return;
        }

        var result = await AskAsync(client, directory with { Path = directory.Path + "InRelease" }, settles, cancellationToken)
            ?? await AskAsync(client, directory with { Path = directory.Path + "Release" }, settles, cancellationToken);
        LogRefreshed(directory.Host, directory.Path, result?.Outcome ?? LearnOutcome.Failed);
        if (settles && reader.FindSuite(directory) is { } suite)
        {
            await SettlePassedAsync(client, directory, suite, isGone: result is null, cancellationToken);
        }

        if (result is { Outcome: LearnOutcome.Learned or LearnOutcome.Known })
        {
            await LearnNamedAsync(client, directory, missing, cancellationToken);
        }
    }

    /// <summary>
    /// No Release says what is right of a suite that is in doubt: its indexes are what has passed last, so they pass once more. Of a suite
    /// whose archive has neither, nothing is known.
    /// </summary>
    private async Task SettlePassedAsync(
        Origin client, ArchivePath directory, KnownSuite suite, bool isGone, CancellationToken cancellationToken)
    {
        var passed = reader.FindCurrent(suite.Id).Where(index => index.IsHearsay).Take(WantedIndexes.MaxIndexes).ToList();
        var isRight = passed.Count > 0 || !isGone;
        foreach (var index in passed)
        {
            var result = await AskAsync(client, directory with { Path = index.Directory + index.Name }, settles: true, cancellationToken);
            isRight &= result is { Outcome: LearnOutcome.Learned or LearnOutcome.Known or LearnOutcome.Failed };
        }

        if (!isRight)
        {
            await catalog.ForgetAsync(suite, cancellationToken);
        }
    }

    /// <summary>
    /// Learns the indexes that the newest Release names: those of which an earlier state was read, and those that may name what is missing.
    /// </summary>
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

    private bool IsDue(ArchivePath asked) => _asked.IsDue(asked, options.Value.RefreshInterval);

    /// <summary>Asks for a Release, or for an index that no Release names, and learns from it.</summary>
    /// <returns><see langword="null"/> when there is no such file.</returns>
    private async Task<LearnResult?> AskAsync(Origin client, ArchivePath path, bool settles, CancellationToken cancellationToken)
    {
        var origin = client with { RawPath = path.RawPath };
        using var response = await origins.GetAsync(origin, cancellationToken);
        if (OriginStatus.IsTrouble(response.StatusCode))
        {
            return new LearnResult(LearnOutcome.Failed);
        }

        if (!response.IsSuccessStatusCode)
        {
            await keeping.HasNoneAsync(path, settles, cancellationToken);
            return null;
        }

        var maxLength = SuitePath.IsRelease(path.Path) ? MetadataCopies.MaxLength : options.Value.MaxIndex.Bytes;
        await using var draft = copies.Begin(origin, MetadataHeaders.Of(response, time.GetUtcNow()), hasAuthorization: false, maxLength);
        if (draft is null)
        {
            return new LearnResult(LearnOutcome.Failed);
        }

        await draft.ReadAsync(response, time, cancellationToken);
        var learned = (await keeping.KeepAsync(draft, settles, cancellationToken)).Learned;
        return keeping.IsWaiting(path)
            ? await AskAsync(client, path with { Path = path.Path + ".gpg" }, settles, cancellationToken) ?? learned
            : learned;
    }

    private async Task LearnIndexAsync(Origin client, ArchivePath path, KnownIndex index, CancellationToken cancellationToken)
    {
        var origin = client with { RawPath = path.RawPath };
        if (!index.IsCurrent || catalog.IsLearned(path, index) || !IsDue(path with { Path = index.ByHash }))
        {
            return;
        }

        if (index.Size > options.Value.MaxIndex.Bytes)
        {
            LogTooLarge(path.Host, path.Path, new ByteSize(index.Size), options.Value.MaxIndex);
            return;
        }

        // what has come by then is gone on with the next time
        using var limit = new CancellationTokenSource(MetadataDraft.TimeFor(index.Size), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var stored = await fetch(new Content(index.Hash, index.Size, others.OfIndex(origin, path, index)), either.Token);
        if (stored is null)
        {
            LogNotFetched(path.Host, path.Path);
            return;
        }

        await catalog.LearnIndexAsync(origin, index.Hash, () => ValueTask.FromResult<Stream>(new ContentStream(stored)), cancellationToken);
    }

    /// <param name="Origin">Whom it is about.</param>
    /// <param name="Work">What is to be done.</param>
    private sealed record Wish(Origin Origin, Func<CancellationToken, Task> Work)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [LoggerMessage(1330, LogLevel.Debug, "{Host} could not be asked for what is missing: {Reason}")]
    private partial void LogFailed(string host, string reason);

    [LoggerMessage(1331, LogLevel.Information, "The Release of {Host}{Path} was read again: {Outcome}")]
    private partial void LogRefreshed(string host, string path, LearnOutcome outcome);

    [LoggerMessage(1333, LogLevel.Warning, "The index {Host}{Path} has {Size}, more than [Catalog] MaxIndex ({Limit}): it is not fetched")]
    private partial void LogTooLarge(string host, string path, ByteSize size, ByteSize limit);

    [LoggerMessage(1332, LogLevel.Warning, "The index {Host}{Path} could not be fetched")]
    private partial void LogNotFetched(string host, string path);
}
