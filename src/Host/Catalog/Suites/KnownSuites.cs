using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Database;
using AptP2P.Host.Catalog.Signatures;
using AptP2P.Host.Databases;
using Microsoft.Data.Sqlite;
using static Microsoft.Data.Sqlite.SqliteType;

namespace AptP2P.Host.Catalog.Suites;

/// <summary>Which suites are known, and what was read of each.</summary>
internal sealed class KnownSuites(CatalogReader reader)
{
    private readonly SqliteCommand _suites = reader.Prepare(
        $"""
        SELECT s.id, a.scheme, a.host, a.port, s.directory
        FROM archive a JOIN suite s ON s.archive = a.id
        WHERE {ArchiveMatch.Condition} AND substr($5, 1, length(s.root)) = s.root
        ORDER BY a.scheme DESC
        """,
        ArchiveMatch.Types(Text));

    private readonly SqliteCommand _slots = reader.Prepare(
        $"""
        SELECT DISTINCT l.name
        FROM archive a JOIN suite s ON s.archive = a.id AND s.directory = $5 JOIN slot l ON l.suite = s.id
        WHERE {ArchiveMatch.Condition}
        """,
        ArchiveMatch.Types(Text));

    private readonly SqliteCommand _latest = reader.Prepare(
        """
        SELECT a.scheme, a.host, a.port, s.directory, s.root, r.date, r.trust
        FROM suite s JOIN archive a ON a.id = s.archive JOIN release r ON r.id = s.release
        WHERE NOT s.outdated ORDER BY r.time DESC LIMIT $1
        """,
        Integer);

    /// <summary>The suites of which something was learned last.</summary>
    public IReadOnlyList<SuiteState> FindLatest(int most)
    {
        lock (reader.Lock)
        {
            return _latest.With(most).ReadAll(static row => new SuiteState(
                new ArchivePath(row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetString(3)),
                row.GetString(4),
                row.IsDBNull(5) ? null : DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(5)),
                (ReleaseTrust)row.GetInt32(6)));
        }
    }

    /// <summary>The suites whose files can be at this path.</summary>
    public IReadOnlyList<KnownSuite> FindAll(ArchivePath path)
    {
        lock (reader.Lock)
        {
            return _suites.In(path, path.Path).ReadAll(row =>
                new KnownSuite(row.GetInt64(0), new ArchivePath(row.GetString(1), row.GetString(2), row.GetInt32(3), row.GetString(4))));
        }
    }

    /// <summary>The suite in this very directory.</summary>
    public KnownSuite? Find(ArchivePath directory) =>
        FindAll(directory).FirstOrDefault(suite => suite.Directory.Path == directory.Path && suite.Directory.Scheme == directory.Scheme);

    /// <summary>The slots of the suite in this directory that have been read once, under any of the schemes it may have.</summary>
    public IReadOnlyList<string> FindSlots(ArchivePath directory)
    {
        lock (reader.Lock)
        {
            return _slots.In(directory, directory.Path).ReadAll(row => row.GetString(0));
        }
    }
}
