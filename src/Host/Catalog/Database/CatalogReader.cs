using System.Security.Cryptography;
using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Suites;
using Microsoft.Data.Sqlite;
using static Microsoft.Data.Sqlite.SqliteType;

namespace AptP2P.Host.Catalog.Database;

/// <summary>The questions to the catalog. They take some microseconds each, and the lock is held for no longer.</summary>
internal sealed class CatalogReader : IDisposable
{
    /// <summary>
    /// The archive itself, or one from apt's lists, of which neither scheme nor default port are known. Asked for one from apt's lists, all
    /// that it may be.
    /// </summary>
    public const string InArchive =
        """
        a.host = $1 AND ((a.scheme = $2 AND a.port = $3) OR (a.scheme = '' AND a.port = $4)
            OR ($2 = '' AND ((a.port = $3 AND $3 > 0) OR (a.port IN (80, 443) AND $3 = 0))))
        """;

    /// <summary>
    /// The path below another archive's root that it has below its own, if that archive's index names the same file; never from https to
    /// http.
    /// </summary>
    private const string Elsewhere =
        $"""
        SELECT DISTINCT b.scheme, b.host, b.port, f.path
        FROM archive a JOIN (SELECT DISTINCT archive, root FROM suite) own
                ON own.archive = a.id AND substr($5, 1, length(own.root)) = own.root
            JOIN (SELECT DISTINCT archive, root FROM suite) other ON other.archive <> own.archive
            JOIN archive b ON b.id = other.archive AND b.scheme IN ($2, 'https')
            JOIN file f ON f.archive = b.id AND f.path = other.root || substr($5, length(own.root) + 1) AND f.sha256 = $6 AND f.size > 0
            JOIN slot l ON l.id = f.slot AND l.edition = f.edition AND l.current
        WHERE {InArchive} ORDER BY b.id LIMIT $7
        """;

    /// <summary>
    /// A name for the state of an index (archive, directory, Release, name without suffix): the hash of the first of its compressions.
    /// </summary>
    public const string Version =
        "SELECT sha256 FROM named WHERE archive = $1 AND directory = $2 AND release = $3 AND (name = $4 OR substr(name, 1, length($4) + "
        + "1) = $4 || '.') ORDER BY name LIMIT 1";

    private const string NamedColumns =
        "s.id, n.archive, s.root, n.directory, n.name, n.sha256, n.size, n.release, r.by_hash, n.release = s.release AND NOT s.outdated, "
        + "length(r.sha256) = 0, r.modified";

    private readonly Lock _lock = new();
    private readonly List<SqliteCommand> _commands = [];
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _file;
    private readonly SqliteCommand _elsewhere;
    private readonly SqliteCommand _name;
    private readonly SqliteCommand _suites;
    private readonly SqliteCommand _naming;
    private readonly SqliteCommand _version;
    private readonly SqliteCommand _read;
    private readonly SqliteCommand _slots;
    private readonly SqliteCommand _current;
    private readonly SqliteCommand _named;
    private readonly SqliteCommand _time;
    private readonly Dictionary<int, SqliteCommand> _byHash;

    public CatalogReader(CatalogDatabase database)
    {
        _connection = database.Reader;
        _file = Prepare(
            $"SELECT f.sha256, f.size FROM archive a JOIN file f ON f.archive = a.id AND f.path = $5 JOIN slot l ON l.id = f.slot AND "
            + $"l.edition = f.edition AND l.current WHERE {InArchive}",
            Text);
        _elsewhere = Prepare(Elsewhere, Text, Blob, Integer);
        _name = Prepare($"{FromNamed} AND n.directory = $5 AND n.name = $6 ORDER BY n.release DESC", Text, Text);
        _byHash = new Dictionary<int, SqliteCommand>
        {
            [SHA256.HashSizeInBytes] = ByHash("sha256"),
            [MD5.HashSizeInBytes] = ByHash("md5"),
            [SHA1.HashSizeInBytes] = ByHash("sha1"),
            [SHA512.HashSizeInBytes] = ByHash("sha512"),
        };
        _suites = Prepare(
            $"SELECT s.id, a.scheme, a.host, a.port, s.directory FROM archive a JOIN suite s ON s.archive = a.id WHERE {InArchive} AND "
            + "substr($5, 1, length(s.root)) = s.root ORDER BY a.scheme DESC",
            Text);
        _naming = Prepare(
            $"""
            SELECT DISTINCT s.directory FROM archive a JOIN suite s ON s.archive = a.id
            WHERE {InArchive} AND (EXISTS (SELECT 1 FROM file f JOIN slot l ON l.id = f.slot AND l.edition = f.edition AND l.current
                    WHERE f.archive = a.id AND f.path = $5 AND l.suite = s.id)
                OR EXISTS (SELECT 1 FROM named n WHERE n.archive = a.id AND n.release = s.release AND n.directory = $6 AND n.name = $7))
            """,
            Text, Text, Text);
        _version = _connection.Prepare(Version, Integer, Text, Integer, Text);
        _read = Prepare(
            $"SELECT 1 FROM archive a JOIN suite s ON s.archive = a.id JOIN slot l ON l.suite = s.id AND l.name = $5 AND l.version = $6 "
            + $"AND l.current WHERE {InArchive} LIMIT 1",
            Text,
            Blob);
        _slots = Prepare(
            $"SELECT DISTINCT l.name FROM archive a JOIN suite s ON s.archive = a.id AND s.directory = $5 JOIN slot l ON l.suite = s.id "
            + $"WHERE {InArchive}",
            Text);
        _current = _connection.Prepare(
            $"SELECT {NamedColumns} FROM suite s JOIN release r ON r.id = s.release JOIN named n ON n.archive = s.archive AND n.release "
            + "= r.id WHERE s.id = $1",
            Integer);
        _named = Prepare(
            $"""
            SELECT 1 FROM archive a JOIN suite s ON s.archive = a.id JOIN release r ON r.id = s.release AND length(r.sha256) > 0
            WHERE {InArchive} AND (EXISTS (SELECT 1 FROM named n WHERE n.archive = a.id AND n.directory = $5 AND n.release = r.id)
                OR EXISTS (SELECT 1 FROM unproven u WHERE u.archive = a.id AND u.path > $5 AND u.path < $6 AND u.release = r.id)) LIMIT 1
            """,
            Text, Text);
        _time = _connection.Prepare("SELECT time FROM modified WHERE sha256 = $1", Blob);
        _commands.AddRange([_version, _current, _time]);
    }

    private const string FromNamed =
        $"SELECT {NamedColumns} FROM archive a JOIN named n ON n.archive = a.id JOIN release r ON r.id = n.release JOIN suite s ON s.id "
        + $"= r.suite WHERE {InArchive}";

    /// <summary>What a file in a pool hashes to, if all current indexes that name it agree.</summary>
    public (ContentHash Hash, long Size)? FindFile(ArchivePath path)
    {
        lock (_lock)
        {
            using var row = In(_file, path, path.Path).ExecuteReader();
            (ContentHash Hash, long Size)? found = null;
            while (row.Read())
            {
                var one = (row.GetHash(0), row.GetInt64(1));
                if (one.Item2 <= 0 || (found is { } other && other != one))
                {
                    return null;
                }

                found = one;
            }

            return found;
        }
    }

    /// <summary>The same file in other archives.</summary>
    public IReadOnlyList<ArchivePath> FindElsewhere(ArchivePath path, ContentHash hash, int atMost)
    {
        lock (_lock)
        {
            return ReadAll(In(_elsewhere, path, path.Path, hash.ToArray(), atMost), row => new ArchivePath(
                row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetString(3)));
        }
    }

    /// <summary>The index that has this digest and is in this directory.</summary>
    public KnownIndex? FindByHash(ArchivePath archive, ByHashPath path)
    {
        lock (_lock)
        {
            using var row = In(_byHash[path.Digest.Length], archive, path.Directory, path.Digest).ExecuteReader();
            return row.Read() ? ReadNamed(row) : null;
        }
    }

    /// <summary>All that an index of this plain name has been, the newest first.</summary>
    public IReadOnlyList<KnownIndex> FindByName(ArchivePath path)
    {
        lock (_lock)
        {
            return ReadAll(In(_name, path, path.Directory, path.Name), ReadNamed);
        }
    }

    /// <summary>What the newest Release says that an index of this plain name is; nothing when two that count disagree.</summary>
    public KnownIndex? FindCurrentByName(ArchivePath path)
    {
        var current = FindByName(path).Where(index => index is { IsCurrent: true, IsHearsay: false }).ToList();
        return current.Count > 0 && current.TrueForAll(index => index.Hash == current[0].Hash) ? current[0] : null;
    }

    /// <summary>Whether the newest Release of a suite names something in this directory.</summary>
    public bool IsNamed(ArchivePath directory)
    {
        lock (_lock)
        {
            return In(_named, directory, directory.Path, directory.Path + '\uffff').ExecuteScalar() is not null;
        }
    }

    /// <summary>The suites whose files can be at this path.</summary>
    public IReadOnlyList<KnownSuite> FindSuites(ArchivePath path)
    {
        lock (_lock)
        {
            return ReadAll(In(_suites, path, path.Path), row =>
                new KnownSuite(row.GetInt64(0), new ArchivePath(row.GetString(1), row.GetString(2), row.GetInt32(3), row.GetString(4))));
        }
    }

    /// <summary>The directories of the suites that name a file, which is in a pool or an index by its plain name.</summary>
    public IReadOnlyList<string> FindNaming(ArchivePath path)
    {
        lock (_lock)
        {
            return ReadAll(In(_naming, path, path.Path, path.Directory, path.Name), row => row.GetString(0));
        }
    }

    /// <summary>The suite in this very directory.</summary>
    public KnownSuite? FindSuite(ArchivePath directory) =>
        FindSuites(directory).FirstOrDefault(suite => suite.Directory.Path == directory.Path && suite.Directory.Scheme == directory.Scheme);

    /// <summary>The slots of the suite in this directory that have been read once, under any of the schemes it may have.</summary>
    public IReadOnlyList<string> FindSlots(ArchivePath directory)
    {
        lock (_lock)
        {
            return ReadAll(In(_slots, directory, directory.Path), row => row.GetString(0));
        }
    }

    /// <summary>The index files that the suite's newest Release names.</summary>
    public IReadOnlyList<KnownIndex> FindCurrent(long suite)
    {
        lock (_lock)
        {
            return ReadAll(_current.With(suite), ReadNamed);
        }
    }

    /// <summary>A name for the state of an index that is the same for all its compressions: the hash of the first of them.</summary>
    public ContentHash VersionOf(KnownIndex index)
    {
        lock (_lock)
        {
            using var row = _version
                .With(index.Archive, index.Directory, index.Release, index.Slot[index.Directory.Length..])
                .ExecuteReader();
            return row.Read() ? row.GetHash(0) : index.Hash;
        }
    }

    /// <summary>Whether this state of an index has been read and is current, under any of the schemes that the archive may have.</summary>
    public bool IsRead(ArchivePath archive, string slot, ContentHash version)
    {
        lock (_lock)
        {
            return In(_read, archive, slot, version.ToArray()).ExecuteScalar() is not null;
        }
    }

    /// <summary>When a content was last modified.</summary>
    public DateTimeOffset? FindTime(ContentHash hash)
    {
        lock (_lock)
        {
            return _time.With(hash.ToArray()).ExecuteScalar() is long seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
        }
    }

    public void Dispose() => _commands.ForEach(command => command.Dispose());

    internal static SqliteCommand In(SqliteCommand command, ArchivePath archive, params ReadOnlySpan<object?> more)
    {
        var unknownPort = archive.Port == Origin.DefaultPort(archive.Scheme) ? 0 : archive.Port;
        command.With(archive.Host, archive.Scheme, archive.Port, unknownPort);
        for (var i = 0; i < more.Length; i++)
        {
            command.Parameters[i + 4].Value = more[i];
        }

        return command;
    }

    private static List<T> ReadAll<T>(SqliteCommand command, Func<SqliteDataReader, T> read)
    {
        var all = new List<T>();
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            all.Add(read(row));
        }

        return all;
    }

    private static KnownIndex ReadNamed(SqliteDataReader row) =>
        new(
            row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetHash(5), row.GetInt64(6),
            row.GetInt64(7), row.GetBoolean(8), row.GetBoolean(9), row.GetBoolean(10),
            row.IsDBNull(11) ? null : DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(11)));

    private SqliteCommand ByHash(string column) =>
        Prepare(
            $"{FromNamed} AND n.directory = $5 AND n.{column} = $6 ORDER BY n.release = s.release AND NOT s.outdated DESC, n.release "
            + "DESC LIMIT 1",
            Text,
            Blob);

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<SqliteType> more)
    {
        var command = _connection.Prepare(sql, [Text, Text, Integer, Integer, .. more]);
        _commands.Add(command);
        return command;
    }
}
