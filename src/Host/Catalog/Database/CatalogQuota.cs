using System.Globalization;
using AptP2P.Host.Databases;
using Microsoft.Data.Sqlite;

namespace AptP2P.Host.Catalog.Database;

/// <summary>
/// Keeps the catalog within its limits, when something is learned: the archive that has most gives the suite that was renewed longest ago,
/// so one that floods loses its own. Suites that are signed by a key that is here go last.
/// </summary>
/// <param name="fullBytes">Beyond it the largest archives give.</param>
internal sealed class CatalogQuota(long fullBytes = CatalogQuota.FullBytes)
{
    /// <summary>A machine has some ten. Stops a client that asks for many invented suites from filling the catalog.</summary>
    public const int MaxSuites = 500;

    /// <summary>What is left below <see cref="CatalogDatabase.MaxBytes"/> is for what is being learned.</summary>
    private const long FullBytes = CatalogDatabase.MaxBytes / 10 * 8;

    private const string IsSigned = "EXISTS (SELECT 1 FROM release r WHERE r.suite = s.id AND r.trust = 1)";

    private const string Renewed = "(SELECT max(r.time) FROM release r WHERE r.suite = s.id)";

    /// <summary>Each suite, the one to give first at the top among those of its archive, and how many rows rest on it.</summary>
    private const string Suites =
        $"""
        WITH files AS MATERIALIZED (SELECT slot, count(*) n FROM file GROUP BY slot),
            names AS MATERIALIZED (SELECT release, count(*) n FROM named GROUP BY release)
        SELECT s.id, s.archive, {IsSigned},
            coalesce((SELECT sum(f.n) FROM slot l JOIN files f ON f.slot = l.id WHERE l.suite = s.id), 0)
            + coalesce((SELECT sum(m.n) FROM release r JOIN names m ON m.release = r.id WHERE r.suite = s.id), 0)
        FROM suite s ORDER BY {Renewed}
        """;

    /// <summary>What is left of indexes that were read anew.</summary>
    private const string DropOutdated =
        "DELETE FROM file WHERE NOT EXISTS (SELECT 1 FROM slot l WHERE l.id = file.slot AND l.edition = file.edition)";

    /// <summary>Makes room, if there is none.</summary>
    /// <param name="connection">The catalog, in a transaction.</param>
    /// <param name="kept">The suite of which something was just learned.</param>
    public void MakeRoom(SqliteConnection connection, long kept)
    {
        while (connection.Scalar<long>("SELECT count(*) FROM suite") > MaxSuites && FindSuite(connection, kept) is { } suite)
        {
            Drop(connection, suite);
        }

        if (Used(connection) > fullBytes)
        {
            MakeBytes(connection, kept);
        }
    }

    private static long Used(SqliteConnection connection) => connection.Scalar<long>("PRAGMA page_size")
        * (connection.Scalar<long>("PRAGMA page_count") - connection.Scalar<long>("PRAGMA freelist_count"));

    private void MakeBytes(SqliteConnection connection, long kept)
    {
        connection.Execute(DropOutdated);
        var archives = Read(connection).GroupBy(suite => (suite.IsSigned, suite.Archive)).ToDictionary(
            archive => archive.Key,
            archive => new Queue<Suite>(archive.Where(suite => suite.Id != kept)));
        while (Used(connection) > fullBytes * 9 / 10 && archives.Any(archive => archive.Value.Count > 0))
        {
            var largest = archives.Where(archive => archive.Value.Count > 0)
                .OrderBy(archive => archive.Key.IsSigned).ThenByDescending(archive => archive.Value.Sum(suite => suite.Rows)).First().Value;
            Drop(connection, largest.Dequeue().Id);
        }
    }

    private static long? FindSuite(SqliteConnection connection, long kept) => connection.Run(
        $"""
        SELECT s.id
        FROM suite s JOIN (SELECT archive, count(*) n FROM suite GROUP BY archive) a ON a.archive = s.archive
        WHERE s.id <> $1 ORDER BY {IsSigned}, a.n DESC, {Renewed} LIMIT 1
        """,
        kept);

    private static List<Suite> Read(SqliteConnection connection)
    {
        using var command = connection.Prepare(Suites);
        return command.ReadAll(row => new Suite(row.GetInt64(0), row.GetInt64(1), row.GetBoolean(2), row.GetInt64(3)));
    }

    private static void Drop(SqliteConnection connection, long suite)
    {
        SuiteRows.Forget(connection, suite);
        connection.Execute($"DELETE FROM suite WHERE id = {suite.ToString(CultureInfo.InvariantCulture)}");
    }

    private sealed record Suite(long Id, long Archive, bool IsSigned, long Rows);
}
