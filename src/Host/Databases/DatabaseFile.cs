using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AptP2P.Host.Databases;

/// <summary>
/// A SQLite file that the daemon can do without. One that is damaged, or of another version, is set aside, and a new one begun. Readers
/// do not wait for a writer (WAL).
/// </summary>
/// <param name="path">Where. Its folder is there.</param>
/// <param name="version">What the tables are; a file with others is of no use.</param>
/// <param name="tables">What a new file gets.</param>
/// <param name="maxBytes">How large it may become.</param>
/// <param name="setAside">Is told what was wrong with a file, and where it is now.</param>
internal sealed class DatabaseFile(string path, int version, string tables, long maxBytes, Action<string, string> setAside)
{
    private const int PageSize = 4096;

    /// <summary>A connection that writes, to a file that is in order.</summary>
    /// <exception cref="SqliteException">It cannot be opened or made.</exception>
    public SqliteConnection OpenOrReplace()
    {
        try
        {
            return OpenWriter();
        }
        catch (SqliteException damage) when (damage.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB)
        {
            SetAside(damage.Message);
            return OpenWriter();
        }
    }

    /// <summary>One more connection to the same file.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            // NORMAL: a power cut may lose the last change, never the file (sqlite.org/pragma.html#pragma_synchronous).
            connection.Execute($"PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000; PRAGMA max_page_count = {maxBytes / PageSize}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private SqliteConnection OpenWriter()
    {
        var connection = Open();
        try
        {
            if (connection.Scalar<string>("PRAGMA quick_check(1)") is { } verdict && verdict != "ok")
            {
                throw new SqliteException(verdict, raw.SQLITE_CORRUPT);
            }

            connection.Execute("PRAGMA journal_mode = WAL");
            if (connection.Scalar<long>("PRAGMA user_version") is var found && found != version)
            {
                if (found != 0)
                {
                    throw new SqliteException($"schema version {found}", raw.SQLITE_NOTADB);
                }

                connection.Execute($"PRAGMA user_version = {version}");
            }

            connection.Execute(tables);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void SetAside(string reason)
    {
        var aside = path + ".damaged"; // one is enough to look at
        setAside(reason, aside);
        File.Move(path, aside, overwrite: true);
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
    }
}
