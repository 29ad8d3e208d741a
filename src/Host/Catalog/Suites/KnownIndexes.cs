using System.Security.Cryptography;
using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Database;
using AptP2P.Host.Databases;
using Microsoft.Data.Sqlite;
using static Microsoft.Data.Sqlite.SqliteType;

namespace AptP2P.Host.Catalog.Suites;

/// <summary>What is known of index files: which Releases name them, and which were read.</summary>
internal sealed class KnownIndexes
{
    /// <summary>
    /// A name for the state of an index (archive, directory, Release, name without suffix): the hash of the first of its compressions.
    /// </summary>
    public const string Version =
        """
        SELECT sha256 FROM named
        WHERE archive = $1 AND directory = $2 AND release = $3 AND (name = $4 OR substr(name, 1, length($4) + 1) = $4 || '.')
        ORDER BY name LIMIT 1
        """;

    private const string IsCurrent = "n.release = s.release AND NOT s.outdated";

    private const string Columns =
        $"""
        s.id, n.archive, s.root, n.directory, n.name, n.sha256, n.size, n.release, r.by_hash, {IsCurrent},
            length(r.sha256) = 0, r.modified
        """;

    private const string InArchive =
        $"""
        SELECT {Columns}
        FROM archive a JOIN named n ON n.archive = a.id JOIN release r ON r.id = n.release JOIN suite s ON s.id = r.suite
        WHERE {ArchiveMatch.Condition}
        """;

    private readonly CatalogReader _reader;
    private readonly SqliteCommand _byName;
    private readonly Dictionary<int, SqliteCommand> _byHash;
    private readonly SqliteCommand _current;
    private readonly SqliteCommand _named;
    private readonly SqliteCommand _version;
    private readonly SqliteCommand _read;

    public KnownIndexes(CatalogReader reader)
    {
        _reader = reader;
        _byName = reader.Prepare(
            $"{InArchive} AND n.directory = $5 AND n.name = $6 ORDER BY n.release DESC", ArchiveMatch.Types(Text, Text));
        _byHash = new Dictionary<int, SqliteCommand>
        {
            [SHA256.HashSizeInBytes] = ByHash("sha256"),
            [MD5.HashSizeInBytes] = ByHash("md5"),
            [SHA1.HashSizeInBytes] = ByHash("sha1"),
            [SHA512.HashSizeInBytes] = ByHash("sha512"),
        };
        _current = reader.Prepare(
            $"""
            SELECT {Columns}
            FROM suite s JOIN release r ON r.id = s.release JOIN named n ON n.archive = s.archive AND n.release = r.id
            WHERE s.id = $1
            """,
            Integer);
        _named = reader.Prepare(
            $"""
            SELECT 1 FROM archive a JOIN suite s ON s.archive = a.id JOIN release r ON r.id = s.release AND length(r.sha256) > 0
            WHERE {ArchiveMatch.Condition}
                AND (EXISTS (SELECT 1 FROM named n WHERE n.archive = a.id AND n.directory = $5 AND n.release = r.id)
                    OR EXISTS (SELECT 1 FROM unproven u WHERE u.archive = a.id AND u.path > $5 AND u.path < $6 AND u.release = r.id))
            LIMIT 1
            """,
            ArchiveMatch.Types(Text, Text));
        _version = reader.Prepare(Version, Integer, Text, Integer, Text);
        _read = reader.Prepare(
            $"""
            SELECT 1
            FROM archive a JOIN suite s ON s.archive = a.id
                JOIN slot l ON l.suite = s.id AND l.name = $5 AND l.version = $6 AND l.current
            WHERE {ArchiveMatch.Condition} LIMIT 1
            """,
            ArchiveMatch.Types(Text, Blob));
    }

    /// <summary>The index that has this digest and is in this directory.</summary>
    public KnownIndex? FindByHash(ArchivePath archive, ByHashPath path)
    {
        lock (_reader.Lock)
        {
            using var row = _byHash[path.Digest.Length].In(archive, path.Directory, path.Digest).ExecuteReader();
            return row.Read() ? Read(row) : null;
        }
    }

    /// <summary>All that an index of this plain name has been, the newest first.</summary>
    public IReadOnlyList<KnownIndex> FindByName(ArchivePath path)
    {
        lock (_reader.Lock)
        {
            return _byName.In(path, path.Directory, path.Name).ReadAll(Read);
        }
    }

    /// <summary>What the newest Release says that an index of this plain name is; nothing when two that count disagree.</summary>
    public KnownIndex? FindCurrentByName(ArchivePath path)
    {
        var current = FindByName(path).Where(index => index is { IsCurrent: true, IsUnnamed: false }).ToList();
        return current.Count > 0 && current.TrueForAll(index => index.Hash == current[0].Hash) ? current[0] : null;
    }

    /// <summary>The last index that has passed under this plain name, if no Release names it.</summary>
    public KnownIndex? FindUnnamed(ArchivePath path) =>
        FindByName(path).FirstOrDefault(known => known is { IsCurrent: true, IsUnnamed: true });

    /// <summary>The index files that the suite's newest Release names.</summary>
    public IReadOnlyList<KnownIndex> FindCurrent(KnownSuite suite)
    {
        lock (_reader.Lock)
        {
            return _current.With(suite.Id).ReadAll(Read);
        }
    }

    /// <summary>Whether the newest Release of a suite names something in this directory.</summary>
    public bool IsAnyNamed(ArchivePath directory)
    {
        lock (_reader.Lock)
        {
            return _named.In(directory, directory.Path, directory.Path + '\uffff').ExecuteScalar() is not null;
        }
    }

    /// <summary>
    /// Whether this state of the index, in whatever compression, was read and is what the newest Release names. The archive may have any of
    /// the schemes that are possible.
    /// </summary>
    public bool IsRead(ArchivePath archive, KnownIndex index)
    {
        lock (_reader.Lock)
        {
            return _read.In(archive, index.Slot, VersionOf(index).ToArray()).ExecuteScalar() is not null;
        }
    }

    /// <summary>A name for the state of an index that is the same for all its compressions: the hash of the first of them.</summary>
    private ContentHash VersionOf(KnownIndex index)
    {
        using var row = _version
            .With(index.Archive, index.Directory, index.Release, index.Slot[index.Directory.Length..])
            .ExecuteReader();
        return row.Read() ? row.GetHash(0) : index.Hash;
    }

    private SqliteCommand ByHash(string column) =>
        _reader.Prepare(
            $"{InArchive} AND n.directory = $5 AND n.{column} = $6 ORDER BY {IsCurrent} DESC, n.release DESC LIMIT 1",
            ArchiveMatch.Types(Text, Blob));

    private static KnownIndex Read(SqliteDataReader row) =>
        new(
            row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetHash(5), row.GetInt64(6),
            row.GetInt64(7), row.GetBoolean(8), row.GetBoolean(9), row.GetBoolean(10),
            row.IsDBNull(11) ? null : DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(11)));
}
