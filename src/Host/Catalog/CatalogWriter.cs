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

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly SqliteConnection _connection = database.Writer;
    private long _version;

    /// <summary>Another one after each change.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Remembers what a Release names. One that apt would refuse takes no better one's place, and gives way to it with all that rests on it.</summary>
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

            if (Id("UPDATE release SET time = $3, trust = max(trust, $4) WHERE id = (SELECT max(id) FROM release WHERE suite = $1) AND sha256 = $2 RETURNING id", suite, hash.ToArray(), Now, (int)trust) is not null)
            {
                return LearnOutcome.Known;
            }

            var id = Id("INSERT INTO release (suite, sha256, time, by_hash, trust) VALUES ($1, $2, $3, $4, $5) RETURNING id", suite, hash.ToArray(), Now, release.AcquireByHash, (int)trust)!.Value;
            using var insert = _connection.Prepare(
                """
                INSERT INTO named (archive, directory, name, sha256, size, release, md5, sha1, sha512) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                ON CONFLICT DO UPDATE SET size = $5, release = $6, md5 = $7, sha1 = $8, sha512 = $9
                """,
                Integer, Text, Text, Blob, Integer, Integer, Blob, Blob, Blob);
            foreach (var entry in release.Entries)
            {
                // One that leaves the suite's directory would speak for another repository; an empty one cannot be shared.
                if (entry.Size > 0 && ArchivePath.Resolve(suitePath.Directory, entry.Name) is { } file
                    && file.StartsWith(suitePath.Directory, StringComparison.Ordinal))
                {
                    var name = file.LastIndexOf('/') + 1;
                    insert.With(archive, file[..name], file[name..], entry.Hash.ToArray(), entry.Size, id, Other(entry, MD5.HashSizeInBytes), Other(entry, SHA1.HashSizeInBytes), Other(entry, SHA512.HashSizeInBytes))
                        .ExecuteNonQuery();
                }
            }

            return LearnOutcome.Learned;
        }, cancellationToken);

    /// <summary>Remembers the files that an index names.</summary>
    /// <param name="index">Which index.</param>
    /// <param name="version"><see cref="CatalogReader.VersionOf"/>.</param>
    /// <param name="files">All of them.</param>
    /// <param name="cancellationToken">Ends the attempt; nothing is learned.</param>
    public Task LearnIndexAsync(NamedIndex index, ContentHash version, IndexFiles files, CancellationToken cancellationToken) =>
        WriteAsync(() =>
        {
            var learning = Id("INSERT INTO learning (suite, slot, version, time) VALUES ($1, $2, $3, $4) RETURNING id", index.Suite, index.Slot, version.ToArray(), Now)!.Value;
            using var insert = new FileInsert(_connection, index.Archive, learning);
            files.WriteTo(insert);
            return learning;
        }, cancellationToken);

    /// <summary>
    /// Forgets what no archive has named since <paramref name="before"/>: what was replaced by then, and suites beyond <see cref="MaxSuites"/>.
    /// A suite's last Release and an index's last state stay, however old: stable suites rest for months.
    /// </summary>
    public Task<int> PruneAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        WriteAsync(() => _connection.Execute(
            $"""
            DELETE FROM suite WHERE id NOT IN (SELECT suite FROM release GROUP BY suite ORDER BY max(time) DESC LIMIT {MaxSuites});
            DELETE FROM release WHERE suite NOT IN (SELECT id FROM suite)
                OR (time < {before.ToUnixTimeSeconds()} AND id NOT IN (SELECT max(id) FROM release GROUP BY suite));
            DELETE FROM learning WHERE suite NOT IN (SELECT id FROM suite)
                OR (time < {before.ToUnixTimeSeconds()} AND id NOT IN (SELECT max(id) FROM learning GROUP BY suite, slot));
            DELETE FROM named WHERE release NOT IN (SELECT id FROM release);
            DELETE FROM file WHERE learning NOT IN (SELECT id FROM learning);
            DELETE FROM archive WHERE id NOT IN (SELECT archive FROM suite);
            """), cancellationToken);

    public void Dispose() => _one.Dispose();

    private static byte[]? Other(ReleaseEntry entry, int length) => entry.OtherDigests.FirstOrDefault(digest => digest.Length == length);

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    private void Forget(long suite) => _connection.Execute(
        $"""
        DELETE FROM file WHERE learning IN (SELECT id FROM learning WHERE suite = {suite});
        DELETE FROM learning WHERE suite = {suite};
        DELETE FROM named WHERE release IN (SELECT id FROM release WHERE suite = {suite});
        DELETE FROM release WHERE suite = {suite};
        """);

    private long? Id(string sql, params ReadOnlySpan<object?> values)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i + 1}", values[i]);
        }

        return (long?)command.ExecuteScalar();
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
