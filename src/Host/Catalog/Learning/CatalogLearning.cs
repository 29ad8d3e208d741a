using System.Security.Cryptography;
using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Apt.Releases;
using AptP2P.Host.Catalog.Signatures;
using AptP2P.Host.Catalog.Suites;
using Microsoft.Data.Sqlite;

namespace AptP2P.Host.Catalog.Learning;

/// <summary>Learns what the files of archives hash to, from the archives' own Releases and indexes (docs/catalog.md).</summary>
internal sealed class CatalogLearning(
    KnownIndexes known, ReleaseWriter releases, IndexWriter indexes, LearningMetrics metrics, TimeProvider time,
    ILogger<CatalogLearning> logger) : IDisposable
{
    private readonly SemaphoreSlim _reading = new(1, 1); // one index at a time: each takes up to some 40 MB while it is read
    private readonly LearningLog _log = new(logger);

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
                await releases.WriteAsync(path, ContentHash.Of(text.Span), release, trust, settles, cancellationToken),
                release.Entries.Length);
        });

    /// <summary>
    /// Learns from an index that has passed: one that the newest Release names, or Packages and Sources where no Release names anything.
    /// </summary>
    /// <param name="file">The index.</param>
    /// <param name="refusesUnsigned">Whether an archive without this Release is one that apt here takes nothing of.</param>
    /// <param name="cancellationToken">Ends the attempt; nothing is learned.</param>
    public async Task<LearnResult> LearnPassedAsync(
        PassedFile file, Func<ArchivePath, bool> refusesUnsigned, CancellationToken cancellationToken)
    {
        await using var body = file.Open();
        var hash = new ContentHash(await SHA256.HashDataAsync(body, cancellationToken));
        var named = await LearnIndexAsync(file.Origin, hash, () => ValueTask.FromResult(file.Open()), cancellationToken);
        return named.Outcome != LearnOutcome.Unnamed ? named : await LearnUnnamedAsync(file, hash, refusesUnsigned, cancellationToken);
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
                ? known.FindByHash(path, byHash)
                : known.FindByName(path).FirstOrDefault(name => name.Hash == hash && name is { IsCurrent: true, IsUnnamed: false });
            return index is { IsCurrent: true } && index.Hash == hash
                ? await LearnIndexAsync(path, index, null, open, cancellationToken)
                : new LearnResult(LearnOutcome.Unnamed);
        });
    }

    /// <summary>Learns from one of apt's own lists, which is the text of an index and not verified yet.</summary>
    public Task<LearnResult> LearnListAsync(
        ArchivePath archive, KnownIndex index, ContentHash? text, Func<ValueTask<Stream>> open, CancellationToken cancellationToken) =>
        MeasureAsync(archive, () =>
            index.IsCurrent
                ? LearnIndexAsync(archive, index, text, open, cancellationToken)
                : Task.FromResult(new LearnResult(LearnOutcome.Unnamed)));

    public void Dispose() => _reading.Dispose();

    /// <summary>
    /// Learns from Packages or Sources that has passed, where no Release names anything beside it: apt takes such an archive when it is
    /// told to.
    /// </summary>
    private Task<LearnResult> LearnUnnamedAsync(
        PassedFile file, ContentHash hash, Func<ArchivePath, bool> refusesUnsigned, CancellationToken cancellationToken) =>
        MeasureAsync(file.Path, async () =>
        {
            var path = file.Path;
            if (ByHashPath.TryParse(path.Path, out _)
                || !IndexFileName.IsIndex(path.Name)
                || known.IsAnyNamed(path with { Path = path.Directory }))
            {
                return new LearnResult(LearnOutcome.Unnamed);
            }

            if (known.FindUnnamed(path) is { } last && last.Hash == hash && last.Modified != file.Modified)
            {
                await indexes.RedateUnnamedAsync(last, file.Modified, cancellationToken);
            }

            var suite = SuitePath.OfRelease(path); // as for a Release beside it
            var trust = IsRefused(path, suite, refusesUnsigned) ? ReleaseTrust.Bad : ReleaseTrust.Unknown;
            var index = new KnownIndex(
                0, 0, suite.Root, suite.Directory, path.Name, hash, file.Length, 0, HasByHash: false, IsUnnamed: true,
                Modified: file.Modified);
            return await LearnAsync(
                path, index, null, () => ValueTask.FromResult(file.Open()),
                files => indexes.WriteUnnamedAsync(path, index, files, trust, cancellationToken), cancellationToken);
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

    private Task<LearnResult> LearnIndexAsync(
        ArchivePath archive, KnownIndex index, ContentHash? text, Func<ValueTask<Stream>> open, CancellationToken cancellationToken) =>
        LearnAsync(archive, index, text, open, files => indexes.WriteAsync(index, files, cancellationToken), cancellationToken);

    private async Task<LearnResult> LearnAsync(
        ArchivePath archive, KnownIndex index, ContentHash? text, Func<ValueTask<Stream>> open, Func<IndexFiles, Task> store,
        CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (known.IsRead(archive, index))
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
}
