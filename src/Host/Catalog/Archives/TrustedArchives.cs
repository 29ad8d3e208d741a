using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Database;
using AptP2P.Host.Databases;
using Microsoft.Data.Sqlite;
using static Microsoft.Data.Sqlite.SqliteType;

namespace AptP2P.Host.Catalog.Archives;

/// <summary>
/// What rests on nothing but Releases that apt would refuse. Where no such Release is known, which is nearly always, the question costs
/// nothing.
/// </summary>
internal sealed class TrustedArchives : IDisposable
{
    /// <summary>A condition on a suite: apt would refuse its Releases. That holds for all of a suite or for none.</summary>
    internal const string IsBad = "EXISTS (SELECT 1 FROM release b WHERE b.suite = s.id AND b.trust = 2)";

    private const string InArchive = "a.host = $1 AND a.scheme = $2 AND a.port = $3";

    private readonly Lock _lock = new();
    private readonly CatalogWriter _writer;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _any;
    private readonly SqliteCommand _file;
    private readonly SqliteCommand _index;
    private long _version = -1;
    private bool _hasDistrusted;

    public TrustedArchives(CatalogDatabase database, CatalogWriter writer)
    {
        _writer = writer;
        _connection = database.OpenReader();
        _any = _connection.Prepare("SELECT EXISTS (SELECT 1 FROM release WHERE trust = 2)");
        _file = _connection.Prepare(
            $"""
            SELECT {IsBad}
            FROM archive a JOIN file f ON f.archive = a.id AND f.path = $4 JOIN slot l ON l.id = f.slot JOIN suite s ON s.id = l.suite
            WHERE {InArchive} AND f.sha256 = $5 ORDER BY 1 LIMIT 1
            """,
            Text, Text, Integer, Text, Blob);
        _index = _connection.Prepare(
            $"""
            SELECT {IsBad}
            FROM archive a JOIN named n ON n.archive = a.id AND n.directory = $4
                JOIN release r ON r.id = n.release JOIN suite s ON s.id = r.suite
            WHERE {InArchive} AND n.sha256 = $5 ORDER BY 1 LIMIT 1
            """,
            Text, Text, Integer, Text, Blob);
    }

    /// <summary>Whether anything at all rests on a Release that apt would refuse.</summary>
    public bool HasDistrusted
    {
        get
        {
            lock (_lock)
            {
                var version = _writer.Version;
                if (version != _version)
                {
                    _hasDistrusted = Says(_any) == true;
                    _version = version;
                }

                return _hasDistrusted;
            }
        }
    }

    /// <summary>
    /// Whether some archive names this content in an index whose Release is not distrusted, or none that is known names it at all.
    /// </summary>
    public bool IsVouchedFor(Content content)
    {
        if (!HasDistrusted)
        {
            return true;
        }

        lock (_lock)
        {
            var isDistrusted = false;
            foreach (var origin in content.Origins)
            {
                if (!ArchivePath.TryParse(origin, out var path, out _))
                {
                    continue;
                }

                var isFile = Says(_file.With(path.Host, path.Scheme, path.Port, path.Path, content.Hash.ToArray()));
                var directory = ByHashPath.TryParse(path.Path, out var byHash) ? byHash.Directory : path.Directory;
                var isIndex = isFile ?? Says(_index.With(path.Host, path.Scheme, path.Port, directory, content.Hash.ToArray()));
                if (isIndex == false)
                {
                    return true;
                }

                isDistrusted |= isIndex == true;
            }

            return !isDistrusted;
        }
    }

    public void Dispose()
    {
        _any.Dispose();
        _file.Dispose();
        _index.Dispose();
        _connection.Dispose();
    }

    /// <returns><see langword="null"/> where there is no row.</returns>
    private static bool? Says(SqliteCommand command) => command.ExecuteScalar() is long answer ? answer != 0 : null;
}
