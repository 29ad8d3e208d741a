using System.Security.Cryptography;
using AptP2P.Host.Apt;
using Microsoft.Data.Sqlite;
using static Microsoft.Data.Sqlite.SqliteType;

namespace AptP2P.Host.Catalog;

/// <summary>The changes of the catalog, one transaction at a time.</summary>
internal sealed class CatalogWriter(CatalogDatabase database, TimeProvider time) : IDisposable
{
    /// <summary>A machine has some ten. Stops a client that asks for many invented suites from filling the catalog.</summary>
    public const int MaxSuites = 500;

    /// <summary>A Release from further in the future has no date that counts: one forged would be the newest for as long. Clocks may well differ by less.</summary>
    private static readonly TimeSpan MaxAhead = TimeSpan.FromDays(1);

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly SqliteConnection _connection = database.Writer;
    private long _version;

    /// <summary>Another one after each change.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>
    /// Remembers what a Release names. From an older one than the suite's newest only what that does not name: for clients that still have it.
    /// One that apt would refuse takes no better one's place, and gives way to it with all that rests on it.
    /// </summary>
    /// <returns>Whether it is another than the suite's last, or was not taken (<see cref="LearnOutcome.Unnamed"/>).</returns>
    public Task<LearnOutcome> LearnReleaseAsync(ArchivePath path, ContentHash hash, Release release, ReleaseTrust trust, CancellationToken cancellationToken) =>
        WriteAsync(() =>
        {
            var suitePath = SuitePath.OfRelease(path, release.IsFlat);
            var archive = Id("INSERT INTO archive (scheme, host, port) VALUES ($1, $2, $3) ON CONFLICT DO UPDATE SET port = port RETURNING id", path.Scheme, path.Host, path.Port)!.Value;
            var suite = Id("INSERT INTO suite (archive, directory, root) VALUES ($1, $2, $3) ON CONFLICT DO UPDATE SET root = $3 RETURNING id", archive, suitePath.Directory, suitePath.Root)!.Value;
            var last = (ReleaseTrust?)Id("SELECT trust FROM release WHERE suite = $1 ORDER BY id DESC LIMIT 1", suite);
            if (trust == ReleaseTrust.Bad && last is ReleaseTrust.Good or ReleaseTrust.Unknown)
            {
                return LearnOutcome.Unnamed;
            }

            if (trust != ReleaseTrust.Bad && last == ReleaseTrust.Bad)
            {
                Forget(suite);
            }

            var date = release.Date < time.GetUtcNow() + MaxAhead ? release.Date?.ToUnixTimeSeconds() : null;
            var isOlder = Id("SELECT r.date FROM suite s JOIN release r ON r.id = s.release WHERE s.id = $1", suite) > date;
            var known = Id("UPDATE release SET time = $3, trust = max(trust, $5) WHERE suite = $1 AND sha256 = $2 AND (id = (SELECT release FROM suite WHERE id = $1) OR $4) RETURNING id", suite, hash.ToArray(), Now, isOlder, (int)trust);
            if (known is null)
            {
                var id = Id("INSERT INTO release (suite, sha256, date, time, by_hash, trust) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id", suite, hash.ToArray(), date, Now, release.AcquireByHash, (int)trust)!.Value;
                AddNames(archive, suitePath.Directory, id, release, isOlder);
                _connection.Execute($"UPDATE suite SET release = {id} WHERE id = {suite} AND NOT {(isOlder ? 1 : 0)}");
            }

            NewestRelease.Settle(_connection, suite);
            return known is null ? LearnOutcome.Learned : LearnOutcome.Known;
        }, cancellationToken);

    /// <summary>Remembers the files that an index names.</summary>
    /// <param name="index">Which index.</param>
    /// <param name="files">All of them.</param>
    /// <param name="cancellationToken">Ends the attempt; nothing is learned.</param>
    public Task LearnIndexAsync(NamedIndex index, IndexFiles files, CancellationToken cancellationToken) =>
        WriteAsync(() =>
        {
            var slot = Id(
                "INSERT INTO slot (suite, name, version, edition, time) VALUES ($1, $2, $3, 1, $4) ON CONFLICT DO UPDATE SET version = $3, edition = edition + 1, time = $4 RETURNING id",
                index.Suite, index.Slot, VersionOf(index), Now)!.Value;
            using var insert = new FileInsert(_connection, index.Archive, slot, Id("SELECT edition FROM slot WHERE id = $1", slot)!.Value);
            files.WriteTo(insert);
            NewestRelease.Settle(_connection, index.Suite);
            return slot;
        }, cancellationToken);

    /// <summary>
    /// Forgets what no archive has named since <paramref name="before"/>: Releases that were replaced by then, and suites beyond <see cref="MaxSuites"/>;
    /// and what indexes named that have been read anew. A suite's newest Release and what rests on it stay, however old: stable suites rest for months.
    /// </summary>
    public Task<int> PruneAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        WriteAsync(() => _connection.Execute(
            $"""
            DELETE FROM suite WHERE id NOT IN (SELECT suite FROM release GROUP BY suite ORDER BY max(time) DESC LIMIT {MaxSuites});
            DELETE FROM release WHERE suite NOT IN (SELECT id FROM suite)
                OR (time < {before.ToUnixTimeSeconds()} AND id NOT IN (SELECT release FROM suite WHERE release IS NOT NULL));
            DELETE FROM slot WHERE suite NOT IN (SELECT id FROM suite) OR (time < {before.ToUnixTimeSeconds()} AND NOT current);
            DELETE FROM named WHERE release NOT IN (SELECT id FROM release);
            DELETE FROM file WHERE NOT EXISTS (SELECT 1 FROM slot l WHERE l.id = file.slot AND l.edition = file.edition);
            DELETE FROM archive WHERE id NOT IN (SELECT archive FROM suite);
            """), cancellationToken);

    public void Dispose() => _one.Dispose();

    private void AddNames(long archive, string directory, long id, Release release, bool isOlder)
    {
        using var insert = _connection.Prepare(
            $"""
            INSERT INTO named (archive, directory, name, sha256, size, release, md5, sha1, sha512) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT DO {(isOlder ? "NOTHING" : "UPDATE SET size = $5, release = $6, md5 = $7, sha1 = $8, sha512 = $9")}
            """,
            Integer, Text, Text, Blob, Integer, Integer, Blob, Blob, Blob);
        foreach (var entry in release.Entries)
        {
            // One that leaves the suite's directory would speak for another repository; an empty one cannot be shared.
            if (entry.Size > 0 && ArchivePath.Resolve(directory, entry.Name) is { } file && file.StartsWith(directory, StringComparison.Ordinal))
            {
                var name = file.LastIndexOf('/') + 1;
                insert.With(archive, file[..name], file[name..], entry.Hash.ToArray(), entry.Size, id, Other(entry, MD5.HashSizeInBytes), Other(entry, SHA1.HashSizeInBytes), Other(entry, SHA512.HashSizeInBytes))
                    .ExecuteNonQuery();
            }
        }
    }

    /// <summary>As <see cref="CatalogReader.VersionOf"/>, for the Release that names it now: another may have passed while it was read.</summary>
    private byte[] VersionOf(NamedIndex index)
    {
        var release = Id("SELECT release FROM named WHERE archive = $1 AND directory = $2 AND name = $3 AND sha256 = $4", index.Archive, index.Directory, index.Name, index.Hash.ToArray());
        using var version = _connection.Prepare(CatalogReader.Version, Integer, Text, Integer, Text);
        return version.With(index.Archive, index.Directory, release, index.Slot[index.Directory.Length..]).ExecuteScalar() as byte[] ?? index.Hash.ToArray();
    }

    private static byte[]? Other(ReleaseEntry entry, int length) => entry.OtherDigests.FirstOrDefault(digest => digest.Length == length);

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    private void Forget(long suite) => _connection.Execute(
        $"""
        DELETE FROM file WHERE slot IN (SELECT id FROM slot WHERE suite = {suite});
        DELETE FROM slot WHERE suite = {suite};
        DELETE FROM named WHERE release IN (SELECT id FROM release WHERE suite = {suite});
        DELETE FROM release WHERE suite = {suite};
        UPDATE suite SET release = NULL WHERE id = {suite};
        """);

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

    private async Task<T> WriteAsync<T>(Func<T> write, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            using var transaction = _connection.BeginTransaction();
            var result = write();
            transaction.Commit();
            Interlocked.Increment(ref _version);
            return result;
        }
        finally
        {
            _one.Release();
        }
    }
}
