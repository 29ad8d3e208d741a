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
    ArchiveCatalog catalog, CatalogReader reader, MetadataCopies copies, OriginReader origins, MirrorList mirrors, IndexFetch fetch,
    IOptions<CatalogOptions> options, TimeProvider time, ILogger<CatalogRefresh> logger) : BackgroundService
{
    /// <summary>apt asks for all packages of an installation at once; they miss the same few suites. What does not fit will be asked for again.</summary>
    private const int MaxWaiting = 64;

    /// <summary>Suites whose last refresh is remembered. Stops a client that invents suites from filling memory.</summary>
    private const int MaxRemembered = 1000;

    private readonly Channel<Origin> _waiting = Channel.CreateBounded<Origin>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<ArchivePath, long> _refreshed = new();

    /// <summary>A package that the catalog does not know was asked for: its archive's indexes may have changed.</summary>
    public void RequestMissing(Origin origin)
    {
        if (ArchivePath.TryParse(origin, out var path, out _) && !SuitePath.IsRelease(path.Path) && !ByHashPath.TryParse(path.Path, out _))
        {
            _waiting.Writer.TryWrite(origin);
        }
    }

    /// <summary>apt's InRelease was answered 304, so it did not pass: get it if there is no copy.</summary>
    public void Observe304(Origin origin)
    {
        if (ArchivePath.TryParse(origin, out var path, out _) && SuitePath.IsRelease(path.Path, out var isSignature) && !isSignature)
        {
            _waiting.Writer.TryWrite(origin);
        }
    }

    /// <summary>Does now what was asked for: the suites that the file may belong to, or the suite of the Release.</summary>
    public async Task RefreshAsync(Origin origin, CancellationToken cancellationToken)
    {
        if (!ArchivePath.TryParse(origin, out var path, out _))
        {
            return;
        }

        if (SuitePath.IsRelease(path.Path))
        {
            var directory = path with { Path = path.Directory };
            await using var copy = copies.Open(origin);
            if (copy is null || reader.FindSuite(directory) is null) // the catalog may have been begun anew
            {
                await RefreshSuiteAsync(origin, directory, missing: null, cancellationToken);
            }

            return;
        }

        foreach (var directory in reader.FindSuites(path).Select(suite => suite.Directory.Path).Distinct())
        {
            await RefreshSuiteAsync(origin, path with { Path = directory }, path.Path, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var origin in _waiting.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await RefreshAsync(origin, stoppingToken);
            }
            catch (Exception failure) when (failure is IOException or HttpRequestException or SqliteException
                || (failure is OperationCanceledException && !stoppingToken.IsCancellationRequested)) // a timeout
            {
                LogFailed(origin.Authority, failure.Message);
            }
        }
    }

    private async Task RefreshSuiteAsync(Origin client, ArchivePath directory, string? missing, CancellationToken cancellationToken)
    {
        if (!IsDue(directory))
        {
            return;
        }

        var result = await LearnReleaseAsync(client, directory with { Path = directory.Path + "InRelease" }, cancellationToken)
            ?? await LearnReleaseAsync(client, directory with { Path = directory.Path + "Release" }, cancellationToken);
        LogRefreshed(directory.Host, directory.Path, result?.Outcome ?? LearnOutcome.Failed);
        if (result is not { Outcome: LearnOutcome.Learned or LearnOutcome.Known } || reader.FindSuite(directory) is not { } suite)
        {
            return;
        }

        var current = reader.FindCurrent(suite.Id);
        var slots = reader.FindSlots(directory);
        foreach (var index in WantedIndexes.Of(current, slots).Union(WantedIndexes.For(current, missing)))
        {
            await LearnIndexAsync(client, directory with { Path = index.Path }, index, cancellationToken);
        }
    }

    private bool IsDue(ArchivePath directory)
    {
        var now = time.GetTimestamp();
        if (_refreshed.TryGetValue(directory, out var last) && time.GetElapsedTime(last, now) < options.Value.RefreshInterval)
        {
            return false;
        }

        if (_refreshed.Count >= MaxRemembered)
        {
            _refreshed.Clear();
        }

        _refreshed[directory] = now;
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

        var headers = new MetadataHeaders
        {
            Date = response.Headers.Date ?? time.GetUtcNow(),
            LastModified = response.Content.Headers.LastModified,
            ETag = response.Headers.ETag?.ToString(),
            ContentType = response.Content.Headers.ContentType?.ToString(),
        };
        await using var draft = copies.Begin(origin, headers, hasAuthorization: false);
        if (draft is null)
        {
            return null;
        }

        var buffer = new byte[64 << 10];
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        for (int count; (count = await body.ReadAsync(buffer, cancellationToken)) > 0 && !draft.HasFailed;)
        {
            await draft.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }

        return await catalog.KeepAsync(draft, cancellationToken);
    }

    private async Task LearnIndexAsync(Origin client, ArchivePath path, NamedIndex index, CancellationToken cancellationToken)
    {
        var origin = client with { RawPath = path.RawPath };
        if (catalog.IsLearned(path, index))
        {
            return;
        }

        var stored = await fetch(new Content(index.Hash, index.Size, mirrors.Of(origin)), cancellationToken);
        if (stored is null)
        {
            LogNotFetched(path.Host, path.Path);
            return;
        }

        await catalog.LearnIndexAsync(origin, index.Hash, () => ValueTask.FromResult<Stream>(new ContentStream(stored)), cancellationToken);
    }

    [LoggerMessage(1330, LogLevel.Debug, "{Host} could not be asked for what is missing: {Reason}")]
    private partial void LogFailed(string host, string reason);

    [LoggerMessage(1331, LogLevel.Information, "The Release of {Host}{Path} was read again: {Outcome}")]
    private partial void LogRefreshed(string host, string path, LearnOutcome outcome);

    [LoggerMessage(1332, LogLevel.Warning, "The index {Host}{Path} could not be fetched")]
    private partial void LogNotFetched(string host, string path);
}
