using System.Security.Cryptography;
using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Apt.Releases;
using AptP2P.Host.Catalog.Database;
using AptP2P.Host.Catalog.Signatures;
using AptP2P.Host.Catalog.Suites;
using AptP2P.Host.Databases;
using Microsoft.Data.Sqlite;
using static Microsoft.Data.Sqlite.SqliteType;

namespace AptP2P.Host.Catalog.Learning;

/// <summary>Writes into the catalog what a Release names, and forgets what rests on one.</summary>
internal sealed class ReleaseWriter(CatalogWriter writer, CatalogQuota quota, TimeProvider time)
{
    /// <summary>
    /// Remembers what a Release names. From an older one than the suite's newest only what that does not name: for clients that still have
    /// it. One that apt would refuse takes no better one's place, and gives way to it with all that rests on it. So does what is in doubt.
    /// </summary>
    /// <returns>Whether it is another than the suite's last, or was not taken (<see cref="LearnOutcome.Unnamed"/>).</returns>
    public Task<LearnOutcome> WriteAsync(
        ArchivePath path, ContentHash hash, Release release, ReleaseTrust trust, bool settles, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            catalog =>
            {
                var suitePath = SuitePath.OfRelease(path, release.IsFlat);
                if (release.NamesNothing && !HasRelease(catalog, path, suitePath))
                {
                    return LearnOutcome.Known; // it says nothing, also not of indexes that have passed
                }

                var (archive, suite) = SuiteRows.FindOrAdd(catalog, path, suitePath);
                var last = (ReleaseTrust?)catalog.Run("SELECT trust FROM release WHERE suite = $1 ORDER BY id DESC LIMIT 1", suite);
                if (trust == ReleaseTrust.Bad && last is ReleaseTrust.Good or ReleaseTrust.Unknown)
                {
                    return LearnOutcome.Unnamed;
                }

                var isDoubted = settles && last != ReleaseTrust.Good && HasAnother(catalog, suite, hash);
                if (isDoubted || (trust != ReleaseTrust.Bad && last == ReleaseTrust.Bad))
                {
                    SuiteRows.Forget(catalog, suite);
                }

                var isKnown = Add(catalog, (archive, suite), suitePath.Directory, hash, release, trust);
                NewestRelease.Settle(catalog, suite);
                quota.MakeRoom(catalog, suite);
                return isKnown ? LearnOutcome.Known : LearnOutcome.Learned;
            },
            cancellationToken);

    /// <summary>Forgets a suite that is in doubt, with all that rests on it, unless its Release is signed as apt wants it.</summary>
    public Task ForgetAsync(KnownSuite suite, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            catalog =>
            {
                var isGood = catalog.Run("SELECT 1 FROM release WHERE suite = $1 AND trust = $2", suite.Id, (int)ReleaseTrust.Good);
                if (isGood is null)
                {
                    SuiteRows.Forget(catalog, suite.Id);
                }

                return suite;
            },
            cancellationToken);

    private static bool HasRelease(SqliteConnection catalog, ArchivePath path, SuitePath suite) =>
        catalog.Run(
            """
            SELECT 1
            FROM archive a JOIN suite s ON s.archive = a.id JOIN release r ON r.id = s.release
            WHERE a.scheme = $1 AND a.host = $2 AND a.port = $3 AND s.directory = $4 AND length(r.sha256) > 0
            """,
            path.Scheme, path.Host, path.Port, suite.Directory)
            is not null;

    private static bool HasAnother(SqliteConnection catalog, long suite, ContentHash hash) =>
        catalog.Run(
            "SELECT 1 FROM suite s JOIN release r ON r.id = s.release WHERE s.id = $1 AND r.sha256 <> $2", suite, hash.ToArray())
            is not null;

    /// <returns>Whether it was there already.</returns>
    private bool Add(
        SqliteConnection catalog, (long Archive, long Suite) rows, string directory, ContentHash hash, Release release, ReleaseTrust trust)
    {
        var now = time.GetUtcNow();
        var date =
            release.Date is { } stated && !ReleaseDate.IsTooFarAhead(stated, now)
                ? stated.ToUnixTimeSeconds()
                : (long?)null;
        var isOlder =
            catalog.Run("SELECT r.date FROM suite s JOIN release r ON r.id = s.release WHERE s.id = $1", rows.Suite) > date;
        var known = catalog.Run(
            """
            UPDATE release SET time = $3, trust = max(trust, $5)
            WHERE suite = $1 AND sha256 = $2 AND (id = (SELECT release FROM suite WHERE id = $1) OR $4)
            RETURNING id
            """,
            rows.Suite, hash.ToArray(), now.ToUnixTimeSeconds(), isOlder, (int)trust);
        if (known is not null)
        {
            return true;
        }

        var id = catalog.Run(
            "INSERT INTO release (suite, sha256, date, time, by_hash, trust) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
            rows.Suite, hash.ToArray(), date, now.ToUnixTimeSeconds(), release.AcquireByHash, (int)trust)!.Value;
        AddNames(catalog, rows.Archive, directory, id, release, isOlder);
        if (!isOlder)
        {
            catalog.Run("UPDATE suite SET release = $2 WHERE id = $1", rows.Suite, id);
        }

        ForgetUnnamed(catalog, rows.Archive, rows.Suite, directory);
        return false;
    }

    private void AddNames(SqliteConnection catalog, long archive, string directory, long id, Release release, bool isOlder)
    {
        using var insert = catalog.Prepare(
            $"""
            INSERT INTO named (archive, directory, name, sha256, size, release, md5, sha1, sha512)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT DO {(isOlder ? "NOTHING" : "UPDATE SET size = $5, release = $6, md5 = $7, sha1 = $8, sha512 = $9")}
            """,
            Integer, Text, Text, Blob, Integer, Integer, Blob, Blob, Blob);
        using var unproven = new UnprovenRows(catalog, time.GetUtcNow());
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

    private static byte[]? Other(ReleaseEntry entry, int length) => entry.OtherDigests.FirstOrDefault(digest => digest.Length == length);

    /// <summary>A Release speaks for the indexes below it from now on, not what has passed before.</summary>
    private static void ForgetUnnamed(SqliteConnection catalog, long archive, long suite, string directory)
    {
        while (catalog.Run(
            """
            SELECT s.id FROM suite s JOIN release r ON r.id = s.release
            WHERE s.archive = $1 AND s.id <> $2 AND substr(s.directory, 1, length($3)) = $3 AND length(r.sha256) = 0
            """,
            archive, suite, directory) is { } unnamed)
        {
            SuiteRows.Forget(catalog, unnamed);
        }
    }
}
