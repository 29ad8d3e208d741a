using System.Collections.Concurrent;
using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Identifying;
using AptP2P.Host.Catalog.Metadata;
using AptP2P.Host.Catalog.Suites;
using Microsoft.Data.Sqlite;

namespace AptP2P.Host.Catalog.Refresh;

/// <summary>
/// Makes the catalog get what it misses: when a package is asked for that no index has named, and when apt was told that its InRelease is
/// current while there is no copy here; and makes it ask again where what it knows is in doubt. In the background; a request waits for a
/// moment at most.
/// </summary>
internal sealed partial class CatalogRefresh(
    ArchiveCatalog catalog, KnownSuites suites, MetadataCopies copies, AptLists lists, SuiteRefresh refresh, TimeProvider time,
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
            var isMissing = copy is null || suites.Find(directory) is null; // the catalog may have been begun anew
            if (isOlder || (isMissing && refresh.IsDue(directory)))
            {
                await refresh.RefreshAsync(origin, directory, missing: null, settles: false, cancellationToken);
            }

            return;
        }

        var before = catalog.IdentifyAhead(origin)?.Hash;
        await lists.ReadAsync(cancellationToken); // costs nobody anything; with pdiffs no index passes here, but apt has it by now
        ArchivePath[] directories = [.. suites.FindAll(path).Select(suite => path with { Path = suite.Directory.Path }).Distinct()];
        foreach (var directory in directories)
        {
            // the Release has passed, and not what it names
            await refresh.LearnNamedAsync(origin, directory, missing: null, cancellationToken);
        }

        foreach (var directory in directories)
        {
            if ((catalog.IdentifyAhead(origin) is not { } known || known.Hash == before) && refresh.IsDue(directory))
            {
                await refresh.RefreshAsync(origin, directory, path.Path, settles: false, cancellationToken);
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
            await refresh.RefreshAsync(origin, directory, missing, settles: true, cancellationToken);
        }));
        _doubts[directory] = (now, done);
        return done;
    }

    /// <param name="Origin">Whom it is about.</param>
    /// <param name="Work">What is to be done.</param>
    private sealed record Wish(Origin Origin, Func<CancellationToken, Task> Work)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [LoggerMessage(1330, LogLevel.Debug, "{Host} could not be asked for what is missing: {Reason}")]
    private partial void LogFailed(string host, string reason);
}
