using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Identifying;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Catalog.Metadata;
using AptP2P.Host.Catalog.Suites;
using AptP2P.Host.Origins.Http;
using AptP2P.Host.Origins.Mirrors;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Catalog.Refresh;

/// <summary>Asks an archive for a suite: for its Release, and for the indexes that it names and that were not read.</summary>
internal sealed partial class SuiteRefresh(
    CatalogLearning learning, ReleaseWriter releases, KnownSuites suites, KnownIndexes indexes, MetadataCopies copies,
    MetadataKeeping keeping, FailoverClient origins, ContentOrigins contentOrigins, IndexFetch fetch, IOptions<RefreshOptions> options,
    TimeProvider time, ILogger<SuiteRefresh> logger)
{
    private readonly RecentQuestions _asked = new(time);

    /// <summary>Asks the archive for a suite's Release, and learns what that names.</summary>
    /// <param name="client">The file or the Release that a client asked for.</param>
    /// <param name="directory">Where the Release is.</param>
    /// <param name="missing">The path of a file that no index has named.</param>
    /// <param name="settles">Whether what is known is in doubt: then what the archive says counts.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RefreshAsync(
        Origin client, ArchivePath directory, string? missing, bool settles, CancellationToken cancellationToken)
    {
        var result = await AskAsync(client, directory with { Path = directory.Path + "InRelease" }, settles, cancellationToken)
            ?? await AskAsync(client, directory with { Path = directory.Path + "Release" }, settles, cancellationToken);
        LogRefreshed(directory.Host, directory.Path, result?.Outcome ?? LearnOutcome.Failed);
        if (settles && suites.Find(directory) is { } suite)
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
        var passed = indexes.FindCurrent(suite).Where(index => index.IsUnnamed).Take(WantedIndexes.MaxIndexes).ToList();
        var isRight = passed.Count > 0 || !isGone;
        foreach (var index in passed)
        {
            var result = await AskAsync(client, directory with { Path = index.Directory + index.Name }, settles: true, cancellationToken);
            isRight &= result is { Outcome: LearnOutcome.Learned or LearnOutcome.Known or LearnOutcome.Failed };
        }

        if (!isRight)
        {
            await releases.ForgetAsync(suite, cancellationToken);
        }
    }

    /// <summary>
    /// Learns the indexes that the newest Release names: those of which an earlier state was read, and those that may name what is missing.
    /// </summary>
    public async Task LearnNamedAsync(Origin client, ArchivePath directory, string? missing, CancellationToken cancellationToken)
    {
        if (suites.Find(directory) is not { } suite)
        {
            return;
        }

        var current = indexes.FindCurrent(suite);
        foreach (var index in WantedIndexes.Of(current, suites.FindSlots(directory)).Union(WantedIndexes.For(current, missing)))
        {
            await LearnIndexAsync(client, directory with { Path = index.Path }, index, cancellationToken);
        }
    }

    /// <summary>Whether something was not asked for lately. If so, it counts as asked for now.</summary>
    public bool IsDue(ArchivePath asked) => _asked.IsDue(asked, options.Value.RefreshInterval);

    /// <summary>Asks for a Release, or for an index that no Release names, and learns from it.</summary>
    /// <returns><see langword="null"/> when there is no such file.</returns>
    private async Task<LearnResult?> AskAsync(Origin client, ArchivePath path, bool settles, CancellationToken cancellationToken)
    {
        var origin = client with { RawPath = path.RawPath };
        using var response = await origins.GetAsync(origin, cancellationToken);
        if (StatusMeaning.IsTrouble(response.StatusCode))
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
        if (!index.IsCurrent || indexes.IsRead(path, index) || !IsDue(path with { Path = index.ByHash }))
        {
            return;
        }

        if (index.Size > options.Value.MaxIndex.Bytes)
        {
            LogTooLarge(path.Host, path.Path, new ByteSize(index.Size), options.Value.MaxIndex);
            return;
        }

        // the next attempt goes on from what has come by then
        using var limit = new CancellationTokenSource(MetadataDraft.TimeFor(index.Size), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var stored = await fetch(new Content(index.Hash, index.Size, contentOrigins.OfIndex(origin, path, index)), either.Token);
        if (stored is null)
        {
            LogNotFetched(path.Host, path.Path);
            return;
        }

        await learning.LearnIndexAsync(
            origin, index.Hash, () => ValueTask.FromResult<Stream>(new ContentStream(stored)), cancellationToken);
    }

    [LoggerMessage(1331, LogLevel.Information, "The Release of {Host}{Path} was read again: {Outcome}")]
    private partial void LogRefreshed(string host, string path, LearnOutcome outcome);

    [LoggerMessage(1333, LogLevel.Warning, "The index {Host}{Path} has {Size}, more than [Catalog] MaxIndex ({Limit}): it is not fetched")]
    private partial void LogTooLarge(string host, string path, ByteSize size, ByteSize limit);

    [LoggerMessage(1332, LogLevel.Warning, "The index {Host}{Path} could not be fetched")]
    private partial void LogNotFetched(string host, string path);
}
