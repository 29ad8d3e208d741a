using System.Security.Cryptography;
using AptP2P.Host.Apt;
using Microsoft.Data.Sqlite;
using static Microsoft.Data.Sqlite.SqliteType;

namespace AptP2P.Host.Catalog;

/// <summary>An index file that a Release names.</summary>
/// <param name="Suite">The suite's row.</param>
/// <param name="Archive">The archive's row.</param>
/// <param name="Root">What the index's paths are relative to.</param>
/// <param name="Directory">Where the index is; ends with a slash.</param>
/// <param name="Name">Its plain name.</param>
/// <param name="Hash">Of the file as it is served.</param>
/// <param name="Size">Of the same.</param>
/// <param name="Release">The last release that names it so.</param>
internal sealed record NamedIndex(long Suite, long Archive, string Root, string Directory, string Name, ContentHash Hash, long Size, long Release)
{
    /// <summary>The index whatever its compression: its path without the last suffix.</summary>
    public string Slot => SlotOf(Directory + Name);

    public static string SlotOf(string path)
    {
        var dot = path.LastIndexOf('.');
        return dot > path.LastIndexOf('/') + 1 ? path[..dot] : path;
    }
}

/// <summary>A suite whose Release is known.</summary>
internal sealed record KnownSuite(long Id, ArchivePath Directory, string Root);

/// <summary>The questions to the catalog. They take some microseconds each, and the lock is held for no longer.</summary>
internal sealed class CatalogReader : IDisposable
{
    /// <summary>The archive itself, or one from apt's lists, of which neither scheme nor default port are known.</summary>
    private const string InArchive = "a.host = $1 AND ((a.scheme = $2 AND a.port = $3) OR (a.scheme = '' AND a.port = $4))";

    private const string NamedColumns = "s.id, n.archive, s.root, n.directory, n.name, n.sha256, n.size, n.release";

    private readonly Lock _lock = new();
    private readonly List<SqliteCommand> _commands = [];
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _file;
    private readonly SqliteCommand _name;
    private readonly SqliteCommand _suites;
    private readonly SqliteCommand _version;
    private readonly SqliteCommand _learned;
    private readonly SqliteCommand _slots;
    private readonly SqliteCommand _current;
    private readonly Dictionary<int, SqliteCommand> _byHash;

    public CatalogReader(CatalogDatabase database)
    {
        _connection = database.Reader;
        _file = Prepare($"SELECT f.sha256, f.size FROM archive a JOIN file f ON f.archive = a.id AND f.path = $5 WHERE {InArchive} ORDER BY a.scheme DESC LIMIT 1", Text);
        _name = Prepare($"{FromNamed} AND n.directory = $5 AND n.name = $6 ORDER BY a.scheme DESC, n.release DESC", Text, Text);
        _byHash = new Dictionary<int, SqliteCommand>
        {
            [SHA256.HashSizeInBytes] = ByHash("sha256"),
            [MD5.HashSizeInBytes] = ByHash("md5"),
            [SHA1.HashSizeInBytes] = ByHash("sha1"),
            [SHA512.HashSizeInBytes] = ByHash("sha512"),
        };
        _suites = Prepare($"SELECT s.id, a.scheme, a.host, a.port, s.directory, s.root FROM archive a JOIN suite s ON s.archive = a.id WHERE {InArchive} AND substr($5, 1, length(s.root)) = s.root ORDER BY a.scheme DESC", Text);
        _version = _connection.Prepare("SELECT sha256 FROM named WHERE archive = $1 AND directory = $2 AND release = $3 AND (name = $4 OR substr(name, 1, length($4) + 1) = $4 || '.') ORDER BY name LIMIT 1", Integer, Text, Integer, Text);
        _learned = Prepare($"SELECT l.version FROM archive a JOIN suite s ON s.archive = a.id JOIN learning l ON l.suite = s.id AND l.slot = $5 WHERE {InArchive} ORDER BY l.id DESC", Text);
        _slots = _connection.Prepare("SELECT DISTINCT slot FROM learning WHERE suite = $1", Integer);
        _current = _connection.Prepare($"SELECT {NamedColumns} FROM suite s JOIN named n ON n.archive = s.archive AND substr(n.directory, 1, length(s.directory)) = s.directory WHERE s.id = $1 AND n.release = (SELECT max(id) FROM release WHERE suite = s.id)", Integer);
        _commands.AddRange([_version, _slots, _current]);
    }

    private static string FromNamed => $"SELECT {NamedColumns} FROM archive a JOIN named n ON n.archive = a.id JOIN release r ON r.id = n.release JOIN suite s ON s.id = r.suite WHERE {InArchive}";

    /// <summary>What a file in a pool hashes to.</summary>
    public (ContentHash Hash, long Size)? FindFile(ArchivePath path)
    {
        lock (_lock)
        {
            using var row = In(_file, path, path.Path).ExecuteReader();
            return row.Read() && row.GetInt64(1) > 0 ? (row.GetHash(0), row.GetInt64(1)) : null;
        }
    }

    /// <summary>The index that has this digest and is in this directory.</summary>
    public NamedIndex? FindByHash(ArchivePath archive, ByHashPath path)
    {
        lock (_lock)
        {
            using var row = In(_byHash[path.Digest.Length], archive, path.Directory, path.Digest).ExecuteReader();
            return row.Read() ? ReadNamed(row) : null;
        }
    }

    /// <summary>All that an index of this plain name has been, the newest first.</summary>
    public IReadOnlyList<NamedIndex> FindByName(ArchivePath path)
    {
        lock (_lock)
        {
            return ReadAll(In(_name, path, path.Directory, path.Name), ReadNamed);
        }
    }

    /// <summary>The suites whose files can be at this path.</summary>
    public IReadOnlyList<KnownSuite> FindSuites(ArchivePath path)
    {
        lock (_lock)
        {
            return ReadAll(In(_suites, path, path.Path), row =>
                new KnownSuite(row.GetInt64(0), new ArchivePath(row.GetString(1), row.GetString(2), row.GetInt32(3), row.GetString(4)), row.GetString(5)));
        }
    }

    /// <summary>The slots of a suite that have been read once.</summary>
    public IReadOnlyList<string> FindSlots(long suite)
    {
        lock (_lock)
        {
            return ReadAll(_slots.With(suite), row => row.GetString(0));
        }
    }

    /// <summary>The index files that the suite's newest Release names.</summary>
    public IReadOnlyList<NamedIndex> FindCurrent(long suite)
    {
        lock (_lock)
        {
            return ReadAll(_current.With(suite), ReadNamed);
        }
    }

    /// <summary>A name for the state of an index that is the same for all its compressions: the hash of the first of them.</summary>
    public ContentHash VersionOf(NamedIndex index)
    {
        lock (_lock)
        {
            using var row = _version.With(index.Archive, index.Directory, index.Release, index.Slot[index.Directory.Length..]).ExecuteReader();
            return row.Read() ? row.GetHash(0) : index.Hash;
        }
    }

    /// <summary>Which state of an index was read last in this archive, under any of the schemes it may have.</summary>
    public IReadOnlyList<ContentHash> FindLearned(ArchivePath archive, string slot)
    {
        lock (_lock)
        {
            return ReadAll(In(_learned, archive, slot), row => row.GetHash(0));
        }
    }

    public void Dispose() => _commands.ForEach(command => command.Dispose());

    private static SqliteCommand In(SqliteCommand command, ArchivePath archive, params ReadOnlySpan<object?> more)
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

    private static NamedIndex ReadNamed(SqliteDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetHash(5), row.GetInt64(6), row.GetInt64(7));

    private SqliteCommand ByHash(string column) => Prepare($"{FromNamed} AND n.directory = $5 AND n.{column} = $6 ORDER BY a.scheme DESC, n.release DESC LIMIT 1", Text, Blob);

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<SqliteType> more)
    {
        var command = _connection.Prepare(sql, [Text, Text, Integer, Integer, .. more]);
        _commands.Add(command);
        return command;
    }
}
