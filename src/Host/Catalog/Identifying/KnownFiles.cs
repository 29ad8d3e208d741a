using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Database;
using AptP2P.Host.Databases;
using Microsoft.Data.Sqlite;
using static Microsoft.Data.Sqlite.SqliteType;

namespace AptP2P.Host.Catalog.Identifying;

/// <summary>What the indexes that were read say of files.</summary>
internal sealed class KnownFiles(CatalogReader reader)
{
    private readonly SqliteCommand _file = reader.Prepare(
        $"""
        SELECT f.sha256, f.size
        FROM archive a JOIN file f ON f.archive = a.id AND f.path = $5
            JOIN slot l ON l.id = f.slot AND l.edition = f.edition AND l.current
        WHERE {ArchiveMatch.Condition}
        """,
        ArchiveMatch.Types(Text));

    /// <summary>
    /// The path below another archive's root that it has below its own, if that archive's index names the same file; never from https to
    /// http.
    /// </summary>
    private readonly SqliteCommand _elsewhere = reader.Prepare(
        $"""
        SELECT DISTINCT b.scheme, b.host, b.port, f.path
        FROM archive a JOIN (SELECT DISTINCT archive, root FROM suite) own
                ON own.archive = a.id AND substr($5, 1, length(own.root)) = own.root
            JOIN (SELECT DISTINCT archive, root FROM suite) other ON other.archive <> own.archive
            JOIN archive b ON b.id = other.archive AND b.scheme IN ($2, 'https')
            JOIN file f ON f.archive = b.id AND f.path = other.root || substr($5, length(own.root) + 1) AND f.sha256 = $6 AND f.size > 0
            JOIN slot l ON l.id = f.slot AND l.edition = f.edition AND l.current
        WHERE {ArchiveMatch.Condition} ORDER BY b.id LIMIT $7
        """,
        ArchiveMatch.Types(Text, Blob, Integer));

    private readonly SqliteCommand _naming = reader.Prepare(
        $"""
        SELECT DISTINCT s.directory
        FROM archive a JOIN suite s ON s.archive = a.id
        WHERE {ArchiveMatch.Condition}
            AND (EXISTS (SELECT 1 FROM file f JOIN slot l ON l.id = f.slot AND l.edition = f.edition AND l.current
                    WHERE f.archive = a.id AND f.path = $5 AND l.suite = s.id)
                OR EXISTS (SELECT 1 FROM named n WHERE n.archive = a.id AND n.release = s.release AND n.directory = $6 AND n.name = $7))
        """,
        ArchiveMatch.Types(Text, Text, Text));

    /// <summary>What a file in a pool hashes to, if all current indexes that name it agree.</summary>
    public (ContentHash Hash, long Size)? Find(ArchivePath path)
    {
        lock (reader.Lock)
        {
            using var row = _file.In(path, path.Path).ExecuteReader();
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
        lock (reader.Lock)
        {
            return _elsewhere.In(path, path.Path, hash.ToArray(), atMost).ReadAll(row =>
                new ArchivePath(row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetString(3)));
        }
    }

    /// <summary>The directories of the suites that name a file, which is in a pool or an index by its plain name.</summary>
    public IReadOnlyList<string> FindNaming(ArchivePath path)
    {
        lock (reader.Lock)
        {
            return _naming.In(path, path.Path, path.Directory, path.Name).ReadAll(row => row.GetString(0));
        }
    }
}
