using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Database;
using AptP2P.Host.Catalog.Signatures;
using AptP2P.Host.Catalog.Suites;
using AptP2P.Host.Databases;
using Microsoft.Data.Sqlite;
using static Microsoft.Data.Sqlite.SqliteType;

namespace AptP2P.Host.Catalog.Learning;

/// <summary>Writes into the catalog the files that an index names.</summary>
internal sealed class IndexWriter(CatalogWriter writer, CatalogQuota quota, TimeProvider time)
{
    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Remembers the files of an index that a Release names.</summary>
    /// <param name="index">Which index.</param>
    /// <param name="files">All of them.</param>
    /// <param name="cancellationToken">Ends the attempt; nothing is learned.</param>
    public Task WriteAsync(KnownIndex index, IndexFiles files, CancellationToken cancellationToken) =>
        writer.WriteAsync(catalog => AddFiles(catalog, index, files), cancellationToken);

    /// <summary>Remembers an index that no Release names, and its files: the last that has passed under its name.</summary>
    public Task WriteUnnamedAsync(
        ArchivePath path, KnownIndex index, IndexFiles files, ReleaseTrust trust, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            catalog =>
            {
                var (archive, suite) = SuiteRows.FindOrAdd(catalog, path, new SuitePath(index.Directory, index.Root));
                var release = FindOrAddStandIn(catalog, suite, trust);
                catalog.Run("UPDATE suite SET release = $2 WHERE id = $1", suite, release);
                catalog.Run(
                    "UPDATE release SET time = $2, modified = $3 WHERE id = $1", release, Now, index.Modified?.ToUnixTimeSeconds());
                catalog.Run(
                    """
                    DELETE FROM named
                    WHERE archive = $1 AND directory = $2 AND release = $3
                        AND (name = $4 OR substr(name, 1, length($4) + 1) = $4 || '.')
                    """,
                    archive, index.Directory, release, index.Slot[index.Directory.Length..]);
                catalog.Run(
                    "INSERT OR REPLACE INTO named (archive, directory, name, sha256, size, release) VALUES ($1, $2, $3, $4, $5, $6)",
                    archive, index.Directory, index.Name, index.Hash.ToArray(), index.Size, release);
                return AddFiles(catalog, index with { Suite = suite, Archive = archive }, files);
            },
            cancellationToken);

    /// <summary>The same index has passed again, from a mirror where it is of another time.</summary>
    public Task RedateUnnamedAsync(KnownIndex index, DateTimeOffset? modified, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            catalog => catalog.Run(
                "UPDATE release SET modified = $2 WHERE id = $1", index.Release, modified?.ToUnixTimeSeconds()),
            cancellationToken);

    /// <summary>The row that stands for the Release which such an index has not.</summary>
    private long FindOrAddStandIn(SqliteConnection catalog, long suite, ReleaseTrust trust) =>
        catalog.Run(
            "SELECT r.id FROM suite s JOIN release r ON r.id = s.release WHERE s.id = $1 AND length(r.sha256) = 0", suite)
        ?? catalog.Run(
            "INSERT INTO release (suite, sha256, time, by_hash, trust) VALUES ($1, x'', $2, 0, $3) RETURNING id",
            suite, Now, (int)trust)!.Value;

    private long AddFiles(SqliteConnection catalog, KnownIndex index, IndexFiles files)
    {
        var slot = catalog.Run(
            """
            INSERT INTO slot (suite, name, version, edition, time) VALUES ($1, $2, $3, 1, $4)
            ON CONFLICT DO UPDATE SET version = $3, edition = edition + 1, time = $4 RETURNING id
            """,
            index.Suite, index.Slot, VersionOf(catalog, index), Now)!.Value;
        var edition = catalog.Run("SELECT edition FROM slot WHERE id = $1", slot)!.Value;
        using var rows = new FileRows(catalog, index.Archive, slot, edition, () => new UnprovenRows(catalog, time.GetUtcNow()));
        files.WriteTo(rows);
        NewestRelease.Settle(catalog, index.Suite);
        quota.MakeRoom(catalog, index.Suite);
        return slot;
    }

    /// <summary>The state of an index, for the Release that names it now: another may have passed while it was read.</summary>
    private static byte[] VersionOf(SqliteConnection catalog, KnownIndex index)
    {
        var release = catalog.Run(
            "SELECT release FROM named WHERE archive = $1 AND directory = $2 AND name = $3 AND sha256 = $4",
            index.Archive, index.Directory, index.Name, index.Hash.ToArray());
        using var version = catalog.Prepare(KnownIndexes.Version, Integer, Text, Integer, Text);
        return version.With(index.Archive, index.Directory, release, index.Slot[index.Directory.Length..]).ExecuteScalar() as byte[]
            ?? index.Hash.ToArray();
    }
}
