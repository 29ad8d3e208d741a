using System.Security.Cryptography;
using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Apt.Releases;
using AptP2P.Host.Catalog.Archives;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Catalog.Signatures;
using AptP2P.Host.Catalog.Suites;
using Microsoft.Data.Sqlite;
using static Microsoft.Data.Sqlite.SqliteType;

namespace AptP2P.Host.Catalog.Database;

/// <summary>The changes of the catalog, one transaction at a time.</summary>
internal sealed class CatalogWriter(CatalogDatabase database, TimeProvider time, long fullBytes = CatalogWriter.FullBytes) : IDisposable
{
    /// <summary>
    /// Beyond it the largest archives give. What is left below <see cref="CatalogDatabase.MaxBytes"/> is for what is being learned.
    /// </summary>
    private const long FullBytes = CatalogDatabase.MaxBytes / 10 * 8;

    /// <summary>Of contents, some 10 MB: more than a store holds. The oldest go, and are as if they had no date.</summary>
    private const int MaxTimes = 200_000;

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly SqliteConnection _connection = database.Writer;
    private long _version;

    /// <summary>Another one after each change.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>
    /// Remembers what a Release names. From an older one than the suite's newest only what that does not name: for clients that still have
    /// it. One that apt would refuse takes no better one's place, and gives way to it with all that rests on it. So does what is in doubt.
    /// </summary>
    /// <returns>Whether it is another than the suite's last, or was not taken (<see cref="LearnOutcome.Unnamed"/>).</returns>
    public Task<LearnOutcome> LearnReleaseAsync(
        ArchivePath path, ContentHash hash, Release release, ReleaseTrust trust, bool settles, CancellationToken cancellationToken) =>
        WriteAsync(() =>
        {
            var suitePath = SuitePath.OfRelease(path, release.IsFlat);
            if (release.NamesNothing && !HasRelease(path, suitePath))
            {
                return LearnOutcome.Known; // it says nothing, also not of indexes that have passed
            }

            var (archive, suite) = Suite(path, suitePath);
            var last = (ReleaseTrust?)Id("SELECT trust FROM release WHERE suite = $1 ORDER BY id DESC LIMIT 1", suite);
            if (trust == ReleaseTrust.Bad && last is ReleaseTrust.Good or ReleaseTrust.Unknown)
            {
                return LearnOutcome.Unnamed;
            }

                var isDoubted =
                    settles
                    && last != ReleaseTrust.Good
                    && Id(
                        "SELECT 1 FROM suite s JOIN release r ON r.id = s.release WHERE s.id = $1 AND r.sha256 <> $2", suite,
                        hash.ToArray())
                        is not null;
                if (isDoubted || (trust != ReleaseTrust.Bad && last == ReleaseTrust.Bad))
                {
                    Forget(suite);
                }

                var date =
                    release.Date is { } stated && !ReleaseDate.IsTooFarAhead(stated, time.GetUtcNow())
                        ? stated.ToUnixTimeSeconds()
                        : (long?)null;
                var isOlder = Id("SELECT r.date FROM suite s JOIN release r ON r.id = s.release WHERE s.id = $1", suite) > date;
                var known = Id(
                    "UPDATE release SET time = $3, trust = max(trust, $5) WHERE suite = $1 AND sha256 = $2 AND (id = (SELECT release "
                    + "FROM suite WHERE id = $1) OR $4) RETURNING id",
                    suite,
                    hash.ToArray(),
                    Now,
                    isOlder,
                    (int)trust);
                if (known is null)
                {
                    var id = Id(
                        "INSERT INTO release (suite, sha256, date, time, by_hash, trust) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
                        suite, hash.ToArray(), date, Now, release.AcquireByHash, (int)trust)!.Value;
                    AddNames(archive, suitePath.Directory, id, release, isOlder);
                    _connection.Execute($"UPDATE suite SET release = {id} WHERE id = {suite} AND NOT {(isOlder ? 1 : 0)}");
                    ForgetHearsay(archive, suite, suitePath.Directory);
                }

            NewestRelease.Settle(_connection, suite);
            MakeRoom(suite);
            return known is null ? LearnOutcome.Learned : LearnOutcome.Known;
        }, cancellationToken);

    /// <summary>Forgets a suite that is in doubt, with all that rests on it, unless its Release is signed as apt wants it.</summary>
    public Task ForgetAsync(long suite, CancellationToken cancellationToken) =>
        WriteAsync(() =>
        {
            if (Id("SELECT 1 FROM release WHERE suite = $1 AND trust = $2", suite, (int)ReleaseTrust.Good) is null)
            {
                Forget(suite);
            }

            return suite;
        }, cancellationToken);

    /// <summary>Remembers the files that an index names.</summary>
    /// <param name="index">Which index.</param>
    /// <param name="files">All of them.</param>
    /// <param name="cancellationToken">Ends the attempt; nothing is learned.</param>
    public Task LearnIndexAsync(KnownIndex index, IndexFiles files, CancellationToken cancellationToken) =>
        WriteAsync(() => AddFiles(index, files), cancellationToken);

    /// <summary>Remembers an index that no Release names, and its files: the last that has passed under its name.</summary>
    public Task LearnHearsayAsync(
        ArchivePath path, KnownIndex index, IndexFiles files, ReleaseTrust trust, CancellationToken cancellationToken) =>
        WriteAsync(
            () =>
            {
                var (archive, suite) = Suite(path, new SuitePath(index.Directory, index.Root));
                var release = Id(
                    "SELECT r.id FROM suite s JOIN release r ON r.id = s.release WHERE s.id = $1 AND length(r.sha256) = 0",
                    suite)
                    ?? Id(
                        "INSERT INTO release (suite, sha256, time, by_hash, trust) VALUES ($1, x'', $2, 0, $3) RETURNING id", suite, Now,
                        (int)trust)!.Value;
                Id("UPDATE suite SET release = $2 WHERE id = $1", suite, release);
                Id("UPDATE release SET time = $2, modified = $3 WHERE id = $1", release, Now, index.Modified?.ToUnixTimeSeconds());
                Id(
                    "DELETE FROM named WHERE archive = $1 AND directory = $2 AND release = $3 AND (name = $4 OR substr(name, 1, "
                    + "length($4) + 1) = $4 || '.')",
                    archive,
                    index.Directory,
                    release,
                    index.Slot[index.Directory.Length..]);
                Id(
                    "INSERT OR REPLACE INTO named (archive, directory, name, sha256, size, release) VALUES ($1, $2, $3, $4, $5, $6)",
                    archive, index.Directory, index.Name, index.Hash.ToArray(), index.Size, release);
                return AddFiles(index with { Suite = suite, Archive = archive }, files);
            },
            cancellationToken);

    /// <summary>The same index has passed again, from a mirror where it is of another time.</summary>
    public Task RedateHearsayAsync(KnownIndex index, DateTimeOffset? modified, CancellationToken cancellationToken) =>
        WriteAsync(
            () => Id("UPDATE release SET modified = $2 WHERE id = $1", index.Release, modified?.ToUnixTimeSeconds()), cancellationToken);

    /// <summary>Remembers which content it is that is named by another digest.</summary>
    public Task ProveAsync(UnprovenFile file, ContentHash hash, long size, CancellationToken cancellationToken) =>
        WriteAsync(
            () =>
            {
                var name = file.Path.LastIndexOf('/') + 1;
                Id(
                    "INSERT OR REPLACE INTO proven (digest, sha256, size, time) VALUES ($1, $2, $3, $4)", file.Digest, hash.ToArray(), size,
                    Now);
                Id(
                    "INSERT OR REPLACE INTO named (archive, directory, name, sha256, size, release, md5, sha1, sha512) SELECT archive, "
                    + "$3, $4, $5, $6, release, md5, sha1, sha512 FROM unproven WHERE archive = $1 AND path = $2 AND digest = $7 AND "
                    + "release > 0",
                    file.Archive,
                    file.Path,
                    file.Path[..name],
                    file.Path[name..],
                    hash.ToArray(),
                    size,
                    file.Digest);
                Id(
                    "INSERT OR REPLACE INTO file (archive, path, slot, sha256, size, edition) SELECT archive, path, slot, $3, $4, "
                    + "edition FROM unproven WHERE archive = $1 AND path = $2 AND digest = $5 AND slot > 0",
                    file.Archive,
                    file.Path,
                    hash.ToArray(),
                    size,
                    file.Digest);
                return Id("DELETE FROM unproven WHERE archive = $1 AND path = $2 AND digest = $3", file.Archive, file.Path, file.Digest);
            },
            cancellationToken);

    /// <summary>
    /// Forgets what no archive has named since <paramref name="before"/>: Releases that were replaced by then,
    /// and what indexes named that have been read anew. A suite's newest Release and what rests on it stay, however old: stable suites rest
    /// for months.
    /// </summary>
    public Task<int> PruneAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        WriteAsync(() => _connection.Execute(
            $"""
            DELETE FROM suite WHERE id NOT IN (SELECT suite FROM release);
            DELETE FROM release WHERE suite NOT IN (SELECT id FROM suite)
                OR (time < {before.ToUnixTimeSeconds()} AND id NOT IN (SELECT release FROM suite WHERE release IS NOT NULL));
            DELETE FROM slot WHERE suite NOT IN (SELECT id FROM suite) OR (time < {before.ToUnixTimeSeconds()} AND NOT current);
            DELETE FROM named WHERE release NOT IN (SELECT id FROM release);
            DELETE FROM file WHERE NOT EXISTS (SELECT 1 FROM slot l WHERE l.id = file.slot AND l.edition = file.edition);
            DELETE FROM unproven WHERE NOT EXISTS (SELECT 1 FROM release r WHERE r.id = unproven.release)
                AND NOT EXISTS (SELECT 1 FROM slot l WHERE l.id = unproven.slot AND l.edition = unproven.edition);
            DELETE FROM proven WHERE time < {before.ToUnixTimeSeconds()};
            DELETE FROM archive WHERE id NOT IN (SELECT archive FROM suite);
            """), cancellationToken);

    /// <summary>Remembers when contents were last modified. That changes nothing of what identifies them.</summary>
    public Task KeepTimesAsync(IReadOnlyList<(ContentHash Hash, DateTimeOffset Time)> times, CancellationToken cancellationToken) =>
        WriteAsync(() =>
        {
            const string Insert = "INSERT INTO modified (sha256, time) VALUES ($1, $2) ON CONFLICT DO NOTHING";
            using var insert = _connection.Prepare(Insert, Blob, Integer);
            foreach (var (hash, modified) in times)
            {
                insert.With(hash.ToArray(), modified.ToUnixTimeSeconds()).ExecuteNonQuery();
            }

            return _connection.Execute($"DELETE FROM modified WHERE id <= (SELECT max(id) FROM modified) - {MaxTimes}");
        }, cancellationToken, isAnswer: false);

    /// <summary>Remembers what was seen of a host. That changes nothing of what identifies contents either.</summary>
    public Task KeepSightingAsync(ArchiveSighting seen, CancellationToken cancellationToken) =>
        WriteAsync(
            () =>
            {
                Id(
                    "INSERT OR REPLACE INTO sighting (host, root, public, time) VALUES ($1, $2, $3, $4)", seen.Host, seen.Root,
                    seen.IsPublic, seen.Time.ToUnixTimeSeconds());
                return _connection.Execute(
                    $"DELETE FROM sighting WHERE (host, root) NOT IN (SELECT host, root FROM sighting ORDER BY time DESC LIMIT "
                    + $"{PublicArchives.MaxSightings})");
            },
            cancellationToken,
            isAnswer: false);

    public void Dispose() => _one.Dispose();

    private void AddNames(long archive, string directory, long id, Release release, bool isOlder)
    {
        using var insert = _connection.Prepare(
            $"""
            INSERT INTO named (archive, directory, name, sha256, size, release, md5, sha1, sha512)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT DO {(isOlder ? "NOTHING" : "UPDATE SET size = $5, release = $6, md5 = $7, sha1 = $8, sha512 = $9")}
            """,
            Integer, Text, Text, Blob, Integer, Integer, Blob, Blob, Blob);
        using var unproven = new UnprovenRows(_connection, time.GetUtcNow());
        foreach (var entry in release.Unproven)
        {
            if (!isOlder && PathOf(directory, entry.Name, entry.Size) is { } file && unproven.Add(archive, file, id, entry) is { } proven)
            {
                Add(proven, file);
            }
        }

        foreach (var entry in release.Entries)
        {
            if (PathOf(directory, entry.Name, entry.Size) is { } file)
            {
                Add(entry, file);
            }
        }

        void Add(ReleaseEntry entry, string file)
        {
            var name = file.LastIndexOf('/') + 1;
            insert
                .With(
                    archive, file[..name], file[name..], entry.Hash.ToArray(), entry.Size, id, Other(entry, MD5.HashSizeInBytes),
                    Other(entry, SHA1.HashSizeInBytes), Other(entry, SHA512.HashSizeInBytes))
                .ExecuteNonQuery();
        }
    }

    /// <summary>One that leaves the suite's directory would speak for another repository; an empty one cannot be shared.</summary>
    private static string? PathOf(string directory, string name, long size) =>
        size > 0 && ArchivePath.Resolve(directory, name) is { } file && file.StartsWith(directory, StringComparison.Ordinal) ? file : null;

    private (long Archive, long Suite) Suite(ArchivePath path, SuitePath suite)
    {
        var archive = Id(
            "INSERT INTO archive (scheme, host, port) VALUES ($1, $2, $3) ON CONFLICT DO UPDATE SET port = port RETURNING id", path.Scheme,
            path.Host, path.Port)!.Value;
        return (
            archive,
            Id(
                "INSERT INTO suite (archive, directory, root) VALUES ($1, $2, $3) ON CONFLICT DO UPDATE SET root = $3 RETURNING id",
                archive, suite.Directory, suite.Root)!.Value);
    }

    private bool HasRelease(ArchivePath path, SuitePath suite) =>
        Id(
            "SELECT 1 FROM archive a JOIN suite s ON s.archive = a.id JOIN release r ON r.id = s.release WHERE a.scheme = $1 AND a.host "
            + "= $2 AND a.port = $3 AND s.directory = $4 AND length(r.sha256) > 0",
            path.Scheme,
            path.Host,
            path.Port,
            suite.Directory)
            is not null;

    private long AddFiles(KnownIndex index, IndexFiles files)
    {
        var slot = Id(
            "INSERT INTO slot (suite, name, version, edition, time) VALUES ($1, $2, $3, 1, $4) ON CONFLICT DO UPDATE SET version = $3, "
            + "edition = edition + 1, time = $4 RETURNING id",
            index.Suite,
            index.Slot,
            VersionOf(index),
            Now
        )!.Value;
        using var insert = new FileRows(_connection, index.Archive, slot, Id("SELECT edition FROM slot WHERE id = $1", slot)!.Value, () =>
            new UnprovenRows(_connection, time.GetUtcNow()));
        files.WriteTo(insert);
        NewestRelease.Settle(_connection, index.Suite);
        MakeRoom(index.Suite);
        return slot;
    }

    /// <summary>A Release speaks for the indexes below it from now on, not what has passed before.</summary>
    private void ForgetHearsay(long archive, long suite, string directory)
    {
        while (Id(
                "SELECT s.id FROM suite s JOIN release r ON r.id = s.release WHERE s.archive = $1 AND s.id <> $2 AND substr(s.directory, "
                + "1, length($3)) = $3 AND length(r.sha256) = 0",
                archive,
                suite,
                directory)
                is { } hearsay)
        {
            Forget(hearsay);
        }
    }

    /// <summary>
    /// As <see cref="CatalogReader.VersionOf"/>, for the Release that names it now: another may have passed while it was read.
    /// </summary>
    private byte[] VersionOf(KnownIndex index)
    {
        var release = Id(
            "SELECT release FROM named WHERE archive = $1 AND directory = $2 AND name = $3 AND sha256 = $4", index.Archive, index.Directory,
            index.Name, index.Hash.ToArray());
        using var version = _connection.Prepare(CatalogReader.Version, Integer, Text, Integer, Text);
        return version.With(index.Archive, index.Directory, release, index.Slot[index.Directory.Length..]).ExecuteScalar() as byte[]
            ?? index.Hash.ToArray();
    }

    private void MakeRoom(long suite) => new CatalogQuota(_connection, fullBytes, Forget).Make(suite);

    private static byte[]? Other(ReleaseEntry entry, int length) => entry.OtherDigests.FirstOrDefault(digest => digest.Length == length);

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    private void Forget(long suite) =>
        _connection.Execute(
            $"""
            DELETE FROM file WHERE archive = (SELECT archive FROM suite WHERE id = {suite})
                AND slot IN (SELECT id FROM slot WHERE suite = {suite});
            DELETE FROM unproven WHERE slot IN (SELECT id FROM slot WHERE suite = {suite})
                OR release IN (SELECT id FROM release WHERE suite = {suite});
            DELETE FROM slot WHERE suite = {suite};
            DELETE FROM named WHERE release IN (SELECT id FROM release WHERE suite = {suite});
            DELETE FROM release WHERE suite = {suite};
            UPDATE suite SET release = NULL WHERE id = {suite};
            """
        );

    private long? Id(string sql, params ReadOnlySpan<object?> values)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i + 1}", values[i] ?? DBNull.Value);
        }

        return command.ExecuteScalar() as long?;
    }

    private async Task<T> WriteAsync<T>(Func<T> write, CancellationToken cancellationToken, bool isAnswer = true)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            using var transaction = _connection.BeginTransaction();
            var result = write();
            transaction.Commit();
            Interlocked.Add(ref _version, isAnswer ? 1 : 0);
            return result;
        }
        finally
        {
            _one.Release();
        }
    }
}
