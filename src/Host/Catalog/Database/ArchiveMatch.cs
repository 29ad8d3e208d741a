using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Databases;
using Microsoft.Data.Sqlite;
using static Microsoft.Data.Sqlite.SqliteType;

namespace AptP2P.Host.Catalog.Database;

/// <summary>
/// Which rows of the table archive a question is about. It takes the parameters $1 to $4; the question's own begin with $5.
/// </summary>
internal static class ArchiveMatch
{
    /// <summary>
    /// The archive itself, or one from apt's lists, of which neither scheme nor default port are known. Asked for one from apt's lists, all
    /// that it may be.
    /// </summary>
    public const string Condition =
        """
        a.host = $1 AND ((a.scheme = $2 AND a.port = $3) OR (a.scheme = '' AND a.port = $4)
            OR ($2 = '' AND ((a.port = $3 AND $3 > 0) OR (a.port IN (80, 443) AND $3 = 0))))
        """;

    /// <summary>The types of its parameters, with those of the question's own.</summary>
    public static SqliteType[] Types(params ReadOnlySpan<SqliteType> more) => [Text, Text, Integer, Integer, .. more];

    /// <summary>Sets its parameters, and those of the question's own.</summary>
    public static SqliteCommand In(this SqliteCommand command, ArchivePath archive, params ReadOnlySpan<object?> more)
    {
        var unknownPort = archive.Port == Origin.DefaultPort(archive.Scheme) ? 0 : archive.Port;
        command.With(archive.Host, archive.Scheme, archive.Port, unknownPort);
        for (var i = 0; i < more.Length; i++)
        {
            command.Parameters[i + 4].Value = more[i];
        }

        return command;
    }
}
