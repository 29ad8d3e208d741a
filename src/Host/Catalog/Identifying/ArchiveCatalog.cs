using System.Security.Cryptography;
using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Apt.Releases;
using AptP2P.Host.Catalog.Database;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Catalog.Metadata;
using AptP2P.Host.Catalog.Signatures;
using AptP2P.Host.Catalog.Suites;
using Microsoft.Data.Sqlite;

namespace AptP2P.Host.Catalog.Identifying;

/// <summary>Knows what the files of archives hash to, and learns it from the archives' own indexes (docs/catalog.md).</summary>
internal sealed partial class ArchiveCatalog(
    CatalogReader reader, CatalogWriter writer, ContentOrigins others, CatalogMetrics metrics, TimeProvider time,
    ILogger<ArchiveCatalog> logger) : IDisposable
{
    private readonly SemaphoreSlim _reading = new(1, 1); // one index at a time: each takes up to some 40 MB while it is read
    private readonly RecentAnswers _recent = new();
    private readonly LearningLog _log = new(logger);
    private bool _isUnreadable;

    /// <summary>
    /// The content at an origin: a pool file, or an index by its hash or by the plain name that the newest Release gives it. Nothing when
    /// it is not known, and for a Release.
    /// </summary>
    public Content? Identify(Origin origin)
    {
        var content = Recall(origin)?.Content;
        metrics.Identified(content is not null);
        return content;
    }

    /// <summary>The same ahead of a request's turn: when it is not known then, it will be asked for again.</summary>
    public Content? Foresee(Origin origin)
    {
        var content = Recall(origin)?.Content;
        if (content is not null)
        {
            metrics.Identified(known: true);
        }

        return content;
    }

    /// <summary>Whether an index is asked for by its digest.</summary>
    public static bool IsByHash(Origin origin) =>
        ArchivePath.TryParse(origin, out var path, out _) && ByHashPath.TryParse(path.Path, out _);

    /// <summary>Whether an index is asked for, by its hash or by its plain name.</summary>
    public bool IsIndex(Origin origin) =>
        _recent.Find(origin, writer.Version) is { } recent ? recent.IsIndex : IsByHash(origin) || IsPlainIndex(origin);

    /// <summary>Whether an index is asked for by its plain name: what is there changes.</summary>
    public bool IsPlainIndex(Origin origin) => IsMetadata(origin) && !IsRelease(origin);

    /// <summary>
    /// Whether an index of this date is what has passed here last, and no Release names it: then the mirror need not send it again.
    /// </summary>
    public bool HasPassed(Origin origin, DateTimeOffset modified) =>
        ArchivePath.TryParse(origin, out var path, out _) && FindHearsay(path)?.Modified == modified;

    public static bool IsRelease(Origin origin) => ArchivePath.TryParse(origin, out var path, out _) && SuitePath.IsRelease(path.Path);

    /// <summary>
    /// Whether a file changes under its name, so that a copy is worth keeping for when the mirror is gone: a Release or its signature, or
    /// an index by its plain name.
    /// </summary>
    public bool IsMetadata(Origin origin)
    {
        try
        {
            return ArchivePath.TryParse(origin, out var path, out _)
                && (SuitePath.IsRelease(path.Path) || IndexFileName.IsIndex(path.Name) || reader.FindByName(path).Count > 0);
        }
        catch (SqliteException exception)
        {
            WarnUnreadable(exception);
            return false;
        }
    }

    /// <summary>Learns from a Release or InRelease that passed.</summary>
    public Task<LearnResult> LearnReleaseAsync(Origin origin, ReadOnlyMemory<byte> text, CancellationToken cancellationToken) =>
        ArchivePath.TryParse(origin, out var path, out var fault)
            ? LearnReleaseAsync(path, text, ReleaseTrust.Unknown, settles: false, cancellationToken)
            : Task.FromResult(new LearnResult(LearnOutcome.Unnamed, 0, fault.ToString()));

    /// <inheritdoc cref="LearnReleaseAsync(Origin, ReadOnlyMemory{byte}, CancellationToken)"/>
    /// <param name="path">Where it is.</param>
    /// <param name="text">All of it.</param>
    /// <param name="trust">What its signature is worth.</param>
    /// <param name="settles">Whether the archive was asked since what is known was in doubt: then this is what counts.</param>
    /// <param name="cancellationToken">Ends the attempt; nothing is learned.</param>
    public Task<LearnResult> LearnReleaseAsync(
        ArchivePath path, ReadOnlyMemory<byte> text, ReleaseTrust trust, bool settles, CancellationToken cancellationToken) =>
        MeasureAsync(path, async () =>
        {
            if (Release.TryRead(text.Span) is not { } release)
            {
                return new LearnResult(LearnOutcome.Damaged, 0, "it is no Release");
            }

            return new LearnResult(
                await writer.LearnReleaseAsync(path, ContentHash.Of(text.Span), release, trust, settles, cancellationToken),
                release.Entries.Length);
        });

    /// <summary>
    /// Learns from an index that has passed: one that the newest Release names, or Packages and Sources where no Release names anything.
    /// </summary>
    /// <param name="draft">The file.</param>
    /// <param name="refusesUnsigned">Whether an archive without this Release is one that apt here takes nothing of.</param>
    /// <param name="cancellationToken">Ends the attempt; nothing is learned.</param>
    public async Task<LearnResult> LearnPassedAsync(
        MetadataDraft draft, Func<ArchivePath, bool> refusesUnsigned, CancellationToken cancellationToken)
    {
        await using var body = draft.OpenBody();
        var hash = new ContentHash(await SHA256.HashDataAsync(body, cancellationToken));
        ValueTask<Stream> Open() => ValueTask.FromResult(draft.OpenBody());
        var named = await LearnIndexAsync(draft.Origin, hash, Open, cancellationToken);
        return named.Outcome != LearnOutcome.Unnamed ? named : await LearnHearsayAsync(draft, hash, refusesUnsigned, cancellationToken);
    }

    /// <summary>
    /// Learns from a file that is stored now, if the newest Release names it and it names files. Cheap for all others, so it may be called
    /// for whatever was fetched.
    /// </summary>
    /// <param name="origin">Where it came from.</param>
    /// <param name="hash">Its SHA-256, verified.</param>
    /// <param name="open">Opens it, compressed as it is; called only when it is wanted.</param>
    /// <param name="cancellationToken">Ends the attempt; nothing is learned.</param>
    public Task<LearnResult> LearnIndexAsync(
        Origin origin, ContentHash hash, Func<ValueTask<Stream>> open, CancellationToken cancellationToken)
    {
        if (!ArchivePath.TryParse(origin, out var path, out _))
        {
            return Task.FromResult(new LearnResult(LearnOutcome.Unnamed));
        }

        return MeasureAsync(path, async () =>
        {
            var index = ByHashPath.TryParse(path.Path, out var byHash)
                ? reader.FindByHash(path, byHash)
                : reader.FindByName(path).FirstOrDefault(name => name.Hash == hash && name is { IsCurrent: true, IsHearsay: false });
            return index is { IsCurrent: true } && index.Hash == hash
                ? await LearnIndexAsync(path, index, null, open, cancellationToken)
                : new LearnResult(LearnOutcome.Unnamed);
        });
    }

    /// <summary>
    /// Learns from Packages or Sources that has passed, where no Release names anything beside it: apt takes such an archive when it is
    /// told to.
    /// </summary>
    private Task<LearnResult> LearnHearsayAsync(
        MetadataDraft draft, ContentHash hash, Func<ArchivePath, bool> refusesUnsigned, CancellationToken cancellationToken) =>
        MeasureAsync(draft.Path, async () =>
        {
            var path = draft.Path;
            if (ByHashPath.TryParse(path.Path, out _)
                || !IndexFileName.IsIndex(path.Name)
                || reader.IsNamed(path with { Path = path.Directory }))
            {
                return new LearnResult(LearnOutcome.Unnamed);
            }

            var modified = draft.Headers.LastModified;
            if (FindHearsay(path) is { } known && known.Hash == hash && known.Modified != modified)
            {
                await writer.RedateHearsayAsync(known, modified, cancellationToken);
            }

            var suite = SuitePath.OfRelease(path); // as for a Release beside it
            var trust = IsRefused(path, suite, refusesUnsigned) ? ReleaseTrust.Bad : ReleaseTrust.Unknown;
            var index = new KnownIndex(
                0, 0, suite.Root, suite.Directory, path.Name, hash, draft.Length, 0, HasByHash: false, IsHearsay: true, Modified: modified);
            return await LearnAsync(
                path, index, null, () => ValueTask.FromResult(draft.OpenBody()),
                files => writer.LearnHearsayAsync(path, index, files, trust, cancellationToken), cancellationToken);
        });

    /// <summary>
    /// Whether apt would ask for a signature: the suite's own directory is this one or, as with <c>dists/SUITE/main/binary-amd64</c>, one
    /// above it.
    /// </summary>
    private static bool IsRefused(ArchivePath path, SuitePath index, Func<ArchivePath, bool> refusesUnsigned)
    {
        for (
            var directory = index.Directory;
            directory.Length >= index.Root.Length;
            directory = directory[..(directory.AsSpan(0, directory.Length - 1).LastIndexOf('/') + 1)])
        {
            if (refusesUnsigned(path with { Path = directory + "Release" }))
            {
                return true;
            }
        }

        return false;
    }

    private KnownIndex? FindHearsay(ArchivePath path) =>
        reader.FindByName(path).FirstOrDefault(known => known is { IsCurrent: true, IsHearsay: true });

    /// <summary>Whether this state of the index, in whatever compression, was read and is what the newest Release names.</summary>
    public bool IsLearned(ArchivePath archive, KnownIndex index) =>
        reader.IsRead(archive, index.Slot, reader.VersionOf(index));

    /// <summary>Learns from one of apt's own lists, which is the text of an index and not verified yet.</summary>
    public Task<LearnResult> LearnListAsync(
        ArchivePath archive, KnownIndex index, ContentHash? text, Func<ValueTask<Stream>> open, CancellationToken cancellationToken) =>
        MeasureAsync(archive, () =>
            index.IsCurrent
                ? LearnIndexAsync(archive, index, text, open, cancellationToken)
                : Task.FromResult(new LearnResult(LearnOutcome.Unnamed)));

    private KnownContent? Find(Origin origin)
    {
        if (!ArchivePath.TryParse(origin, out var path, out _))
        {
            return null;
        }

        try
        {
            if (ByHashPath.TryParse(path.Path, out var byHash))
            {
                return reader.FindByHash(path, byHash) is { } named
                    ? new(new Content(named.Hash, named.Size, others.Of(origin, path, named.Hash)), IsIndex: true)
                    : null;
            }

            return reader.FindFile(path) is var (hash, size) ? new(new Content(hash, size, others.Of(origin, path, hash)), IsIndex: false)
                : !SuitePath.IsRelease(path.Path) && reader.FindCurrentByName(path) is { } index
                    ? new(new Content(index.Hash, index.Size, others.OfIndex(origin, path, index)), IsIndex: true)
                : null;
        }
        catch (SqliteException exception)
        {
            WarnUnreadable(exception);
            return null;
        }
    }

    private Task<LearnResult> LearnIndexAsync(
        ArchivePath archive, KnownIndex index, ContentHash? text, Func<ValueTask<Stream>> open, CancellationToken cancellationToken) =>
        LearnAsync(archive, index, text, open, files => writer.LearnIndexAsync(index, files, cancellationToken), cancellationToken);

    private async Task<LearnResult> LearnAsync(
        ArchivePath archive, KnownIndex index, ContentHash? text, Func<ValueTask<Stream>> open, Func<IndexFiles, Task> store,
        CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (IsLearned(archive, index))
            {
                return new LearnResult(LearnOutcome.Known);
            }

            var files = new IndexFiles(index);
            var result = await IndexText.ReadAsync(await open(), text, files.Add, cancellationToken);
            if (result.Outcome == LearnOutcome.Learned)
            {
                await store(files);
            }

            return result;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Forgets a suite that is in doubt, and all that rests on it, unless its Release is signed as apt wants it.</summary>
    public Task ForgetAsync(KnownSuite suite, CancellationToken cancellationToken) => writer.ForgetAsync(suite.Id, cancellationToken);

    public void Dispose() => _reading.Dispose();

    /// <summary>Whether a name still means a content.</summary>
    public bool IsStill(Origin origin, ContentHash hash) => Recall(origin)?.Content.Hash == hash;

    /// <summary>The directories of the Releases on which a name rests; none for one that is a digest.</summary>
    public IReadOnlyList<string> ReleasesOf(Origin origin)
    {
        try
        {
            return Recall(origin) is not { } known
                ? []
                : known.Releases ??= ArchivePath.TryParse(origin, out var path, out _) ? reader.FindNaming(path) : [];
        }
        catch (SqliteException exception)
        {
            WarnUnreadable(exception);
            return [];
        }
    }

    private KnownContent? Recall(Origin origin)
    {
        var version = writer.Version;
        if (_recent.Find(origin, version) is { } recent)
        {
            return recent;
        }

        var content = Find(origin);
        if (content is not null)
        {
            _recent.Add(origin, content, version);
        }

        return content;
    }

    private async Task<LearnResult> MeasureAsync(ArchivePath path, Func<Task<LearnResult>> learn)
    {
        var start = time.GetTimestamp();
        LearnResult result;
        try
        {
            result = await learn();
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            result = new LearnResult(LearnOutcome.Failed, 0, exception.Message);
        }

        metrics.Learned(result, time.GetElapsedTime(start));
        _log.Tell(path, result);
        return result;
    }

    private void WarnUnreadable(SqliteException exception)
    {
        if (!Interlocked.Exchange(ref _isUnreadable, true)) // once: it is every request's trouble
        {
            LogUnreadable(exception.Message);
        }
    }

    [LoggerMessage(1301, LogLevel.Warning, "The catalog cannot be read: {Reason}. Requests go to the mirror")]
    private partial void LogUnreadable(string reason);
}
