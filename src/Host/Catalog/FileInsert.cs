using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AptP2P.Host.Catalog;

/// <summary>
/// Stores the files of an index, one row each. It calls SQLite directly: through SqliteCommand the first index costs twice the time
/// (docs/benchmarks.md), for parameters that are boxed and for code that is compiled on the way.
/// </summary>
internal sealed class FileInsert : IDisposable
{
    private const string Sql =
        """
        INSERT INTO file (archive, slot, edition, path, sha256, size) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT DO UPDATE SET sha256 = ?5, edition = ?3, size = CASE WHEN edition = ?3 AND (sha256 <> ?5 OR size = -1) THEN -1 ELSE ?6 END
        """;

    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;

    public FileInsert(SqliteConnection connection, long archive, long slot, long edition)
    {
        _connection = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_connection, Sql, out _statement), _connection);
        Bind(raw.sqlite3_bind_int64(_statement, 1, archive));
        Bind(raw.sqlite3_bind_int64(_statement, 2, slot));
        Bind(raw.sqlite3_bind_int64(_statement, 3, edition));
    }

    /// <param name="path">Decoded, UTF-8.</param>
    /// <param name="hash">32 bytes.</param>
    /// <param name="size">In bytes.</param>
    public void Add(ReadOnlySpan<byte> path, ReadOnlySpan<byte> hash, long size)
    {
        Bind(raw.sqlite3_bind_text(_statement, 4, path));
        Bind(raw.sqlite3_bind_blob(_statement, 5, hash));
        Bind(raw.sqlite3_bind_int64(_statement, 6, size));
        var status = raw.sqlite3_step(_statement);
        _ = raw.sqlite3_reset(_statement); // says what the step said
        if (status != raw.SQLITE_DONE)
        {
            SqliteException.ThrowExceptionForRC(status, _connection);
        }
    }

    public void Dispose() => _statement.Dispose();

    private void Bind(int status) => SqliteException.ThrowExceptionForRC(status, _connection);
}
