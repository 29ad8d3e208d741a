using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AptP2P.Host.Catalog.Learning;

/// <summary>
/// Writes the files that an index names, one row each. It calls SQLite directly: through SqliteCommand the first index costs twice the time
/// (docs/benchmarks.md), for parameters that are boxed and for code that is compiled on the way.
/// </summary>
internal sealed class FileRows : IDisposable
{
    private const string Sql =
        """
        INSERT INTO file (archive, slot, edition, path, sha256, size) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT DO UPDATE
            SET sha256 = ?5, edition = ?3, size = CASE WHEN edition = ?3 AND (sha256 <> ?5 OR size = -1) THEN -1 ELSE ?6 END
        """;

    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;
    private readonly Func<UnprovenRows> _beginUnproven;
    private readonly (long Archive, long Slot, long Edition) _index;
    private UnprovenRows? _unproven;

    /// <param name="connection">The catalog, in a transaction.</param>
    /// <param name="archive">The archive's row.</param>
    /// <param name="slot">The index's row.</param>
    /// <param name="edition">Its state.</param>
    /// <param name="unproven">For what has no SHA-256, which few indexes have.</param>
    public FileRows(SqliteConnection connection, long archive, long slot, long edition, Func<UnprovenRows> unproven)
    {
        (_connection, _index, _beginUnproven) = (connection.Handle!, (archive, slot, edition), unproven);
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_connection, Sql, out _statement), _connection);
        Bind(raw.sqlite3_bind_int64(_statement, 1, archive));
        Bind(raw.sqlite3_bind_int64(_statement, 2, slot));
        Bind(raw.sqlite3_bind_int64(_statement, 3, edition));
    }

    /// <param name="path">Decoded, UTF-8.</param>
    /// <param name="digest">Its SHA-256, or its SHA-512.</param>
    /// <param name="size">In bytes.</param>
    public void Add(ReadOnlySpan<byte> path, ReadOnlySpan<byte> digest, long size)
    {
        if (digest.Length == ContentHash.Size)
        {
            AddProven(path, digest, size);
        }
        else if ((_unproven ??= _beginUnproven()).Add(_index.Archive, path, _index.Slot, _index.Edition, digest, size) is { } hash)
        {
            AddProven(path, hash.ToArray(), size);
        }
    }

    public void Dispose()
    {
        _statement.Dispose();
        _unproven?.Dispose();
    }

    private void AddProven(ReadOnlySpan<byte> path, ReadOnlySpan<byte> hash, long size)
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

    private void Bind(int status) => SqliteException.ThrowExceptionForRC(status, _connection);
}
