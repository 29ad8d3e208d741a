using System.Globalization;
using AptP2P.Host.Catalog.Database;
using AptP2P.Host.Databases;
using AptP2P.Host.Storage.Space;
using Microsoft.Data.Sqlite;

namespace AptP2P.Host.Catalog.Archives;

/// <summary>
/// Which archives name a content. The catalog is made for the other question, so this one reads all of it; on a connection of its own,
/// since a request must not wait for that.
/// </summary>
internal sealed class NamingArchives(CatalogDatabase database)
{
    /// <summary>
    /// Indexes that say nothing any more, since the same suite is known under another scheme, and its newer state was read there.
    /// </summary>
    private const string ReadElsewhere =
        """
        SELECT l.id FROM slot l JOIN suite s ON s.id = l.suite AND s.outdated JOIN archive a ON a.id = s.archive
            JOIN archive b ON b.host = a.host AND b.id <> a.id
            JOIN suite t ON t.archive = b.id AND t.directory = s.directory AND NOT t.outdated
            JOIN slot m ON m.suite = t.id AND m.name = l.name AND m.current
        WHERE NOT l.current
        """;

    /// <summary>
    /// Indexes that were read, and that the newest Release no longer has, in whatever state. Directory and range are there for the tables'
    /// keys: a Release names thousands of indexes.
    /// </summary>
    private const string Dropped =
        """
        SELECT l.id FROM slot l JOIN suite s ON s.id = l.suite
        WHERE NOT l.current AND NOT s.outdated
            AND NOT EXISTS (SELECT 1 FROM named n WHERE n.archive = s.archive AND n.release = s.release
                AND n.directory = rtrim(l.name, replace(l.name, '/', ''))
                AND (n.directory || n.name = l.name OR substr(n.directory || n.name, 1, length(l.name) + 1) = l.name || '.'))
            AND NOT EXISTS (SELECT 1 FROM unproven u WHERE u.archive = s.archive AND u.release = s.release
                AND u.path >= l.name AND u.path < l.name || '/'
                AND (u.path = l.name OR substr(u.path, 1, length(l.name) + 1) = l.name || '.'))
        """;

    /// <summary>
    /// The last words of a row are whether it still counts, and whether it is an index. An index that was replaced counts until the new one
    /// was read: nobody knows before what of it has been replaced.
    /// </summary>
    private const string AllFiles =
        $"""
        SELECT f.sha256, a.scheme, a.host, a.port, f.path, {TrustedArchives.IsBad},
                f.edition = l.edition AND l.id NOT IN ({ReadElsewhere} UNION ALL {Dropped}), 0
            FROM file f JOIN archive a ON a.id = f.archive JOIN slot l ON l.id = f.slot JOIN suite s ON s.id = l.suite WHERE f.size > 0
        UNION ALL SELECT n.sha256, a.scheme, a.host, a.port, n.directory || n.name, {TrustedArchives.IsBad},
                n.release = s.release AND NOT s.outdated, 1
            FROM named n JOIN archive a ON a.id = n.archive JOIN release r ON r.id = n.release JOIN suite s ON s.id = r.suite
        """;

    /// <summary>Streams who names these contents, each as often as it is named.</summary>
    public IEnumerable<ContentNaming> Of(IReadOnlySet<ContentHash> contents)
    {
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = AllFiles;
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            if (row.GetHash(0) is var hash && contents.Contains(hash))
            {
                yield return new ContentNaming(
                    hash, AuthorityOf(row), row.GetString(4), !row.GetBoolean(5), row.GetBoolean(6), row.GetBoolean(7));
            }
        }
    }

    /// <summary>Which of these contents are or were named. All of them, where the catalog cannot be read.</summary>
    public IReadOnlySet<ContentHash> Named(IReadOnlySet<ContentHash> contents)
    {
        try
        {
            return Of(contents).Select(named => named.Hash).ToHashSet();
        }
        catch (SqliteException)
        {
            return contents; // others have said that it cannot
        }
    }

    /// <summary>What these contents are: what a Release names is an index, what an index names a package or part of a source.</summary>
    public IReadOnlyDictionary<ContentHash, ContentKind> KindsOf(IReadOnlySet<ContentHash> contents)
    {
        var kinds = new Dictionary<ContentHash, ContentKind>();
        try
        {
            foreach (var named in Of(contents))
            {
                kinds[named.Hash] = KindOf(named);
            }
        }
        catch (SqliteException)
        {
            // others have said that it cannot be read
        }

        return kinds;
    }

    private static ContentKind KindOf(ContentNaming named) =>
        named.IsIndex || named.Path.Contains(".diff/", StringComparison.Ordinal) ? ContentKind.Indexes // or a patch for one
        : named.Path.EndsWith("deb", StringComparison.Ordinal) ? ContentKind.Packages // .deb, .udeb, .ddeb
        : ContentKind.Sources;

    private static string AuthorityOf(SqliteDataReader row)
    {
        var (scheme, host, port) = (row.GetString(1), row.GetString(2), row.GetInt32(3));
        return port == 0 || port == Origin.DefaultPort(scheme) ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
    }
}
