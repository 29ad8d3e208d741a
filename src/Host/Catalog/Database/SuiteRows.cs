using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Databases;
using Microsoft.Data.Sqlite;

namespace AptP2P.Host.Catalog.Database;

/// <summary>The rows of a suite: they come with the first that is learned of it, and go with all that rests on it.</summary>
internal static class SuiteRows
{
    /// <summary>The rows of an archive and of its suite, which are added if they are not there.</summary>
    public static (long Archive, long Suite) FindOrAdd(SqliteConnection connection, ArchivePath path, SuitePath suite)
    {
        var archive = connection.Run(
            """
            INSERT INTO archive (scheme, host, port) VALUES ($1, $2, $3)
            ON CONFLICT DO UPDATE SET port = port RETURNING id
            """,
            path.Scheme, path.Host, path.Port)!.Value;
        var row = connection.Run(
            """
            INSERT INTO suite (archive, directory, root) VALUES ($1, $2, $3)
            ON CONFLICT DO UPDATE SET root = $3 RETURNING id
            """,
            archive, suite.Directory, suite.Root)!.Value;
        return (archive, row);
    }

    /// <summary>Forgets all that rests on a suite's Releases.</summary>
    public static void Forget(SqliteConnection connection, long suite) =>
        connection.Execute(
            $"""
            DELETE FROM file WHERE archive = (SELECT archive FROM suite WHERE id = {suite})
                AND slot IN (SELECT id FROM slot WHERE suite = {suite});
            DELETE FROM unproven WHERE slot IN (SELECT id FROM slot WHERE suite = {suite})
                OR release IN (SELECT id FROM release WHERE suite = {suite});
            DELETE FROM slot WHERE suite = {suite};
            DELETE FROM named WHERE release IN (SELECT id FROM release WHERE suite = {suite});
            DELETE FROM release WHERE suite = {suite};
            UPDATE suite SET release = NULL WHERE id = {suite};
            """);
}
