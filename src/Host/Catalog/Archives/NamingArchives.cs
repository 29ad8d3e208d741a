using System.Globalization;
using AptP2P.Host.Catalog.Database;
using Microsoft.Data.Sqlite;

namespace AptP2P.Host.Catalog.Archives;

/// <summary>
/// Which archives name a content. The catalog is made for the other question, so this one reads all of it; on a connection of its own,
/// since a request must not wait for that.
/// </summary>
internal sealed class NamingArchives(CatalogDatabase database)
{
    private const string AllFiles =
        $"""
        SELECT f.sha256, a.scheme, a.host, a.port, f.path, {TrustedArchives.IsBad}
            FROM file f JOIN archive a ON a.id = f.archive JOIN slot l ON l.id = f.slot JOIN suite s ON s.id = l.suite WHERE f.size > 0
        UNION ALL SELECT n.sha256, a.scheme, a.host, a.port, n.directory || n.name, {TrustedArchives.IsBad}
            FROM named n JOIN archive a ON a.id = n.archive JOIN release r ON r.id = n.release JOIN suite s ON s.id = r.suite
        """;

    /// <summary>Streams who names these contents, each as often as it is named, and whether apt would believe it.</summary>
    public IEnumerable<(ContentHash Hash, string Authority, string Path, bool IsTrusted)> Of(IReadOnlySet<ContentHash> contents)
    {
        using var connection = database.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = AllFiles;
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            if (row.GetHash(0) is var hash && contents.Contains(hash))
            {
                yield return (hash, AuthorityOf(row), row.GetString(4), !row.GetBoolean(5));
            }
        }
    }

    /// <summary>Which of these contents are named at all. All of them, where the catalog cannot be read.</summary>
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

    private static string AuthorityOf(SqliteDataReader row)
    {
        var (scheme, host, port) = (row.GetString(1), row.GetString(2), row.GetInt32(3));
        return port == 0 || port == Origin.DefaultPort(scheme) ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
    }
}
