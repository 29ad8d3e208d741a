using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AptP2P.Host.Catalog.Database;

/// <summary>
/// The file catalog.db: one connection that reads and one that writes, so that a request never waits for an index being learned (WAL).
/// A damaged file is set aside and a new one begun: everything in it can be learned again.
/// </summary>
internal sealed partial class CatalogDatabase : IDisposable
{
    public const string FileName = "catalog.db";

    /// <summary>
    /// Some 5 million files. Stops many invented suites from filling the disk; learning then fails and requests still pass.
    /// </summary>
    public const long MaxBytes = 1L << 30;

    private const int PageSize = 4096;

    private readonly ILogger<CatalogDatabase> _logger;
    private readonly string _path;

    public CatalogDatabase(string stateFolder, ILogger<CatalogDatabase> logger)
    {
        _logger = logger;
        var path = Path.Combine(Directory.CreateDirectory(stateFolder).FullName, FileName);
        _path = path;
        Writer = OpenOrReplace(path);
        Reader = Connect(path);
    }

    /// <summary>For one thread at a time.</summary>
    public SqliteConnection Writer { get; }

    /// <summary>For one thread at a time.</summary>
    public SqliteConnection Reader { get; }

    /// <summary>One more for reading, for whoever takes long. The caller disposes it.</summary>
    public SqliteConnection OpenReader() => Connect(_path);

    public void Dispose()
    {
        Reader.Dispose();
        Writer.Dispose();
    }

    private SqliteConnection OpenOrReplace(string path)
    {
        try
        {
            return OpenWriter(path);
        }
        catch (SqliteException damage) when (damage.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB)
        {
            SetAside(path, damage.Message);
            return OpenWriter(path);
        }
    }

    private static SqliteConnection OpenWriter(string path)
    {
        var connection = Connect(path);
        try
        {
            if (connection.Scalar<string>("PRAGMA quick_check(1)") is { } verdict && verdict != "ok")
            {
                throw new SqliteException(verdict, raw.SQLITE_CORRUPT);
            }

            connection.Execute("PRAGMA journal_mode = WAL");
            if (connection.Scalar<long>("PRAGMA user_version") is var version && version != CatalogSchema.Version)
            {
                if (version != 0)
                {
                    throw new SqliteException($"schema version {version}", raw.SQLITE_NOTADB);
                }

                connection.Execute($"PRAGMA user_version = {CatalogSchema.Version}");
            }

            connection.Execute(CatalogSchema.Tables);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        // NORMAL: a power cut may lose the last learning, never the file (sqlite.org/pragma.html#pragma_synchronous).
        connection.Execute($"PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000; PRAGMA max_page_count = {MaxBytes / PageSize}");
        return connection;
    }

    private void SetAside(string path, string reason)
    {
        var aside = path + ".damaged"; // one is enough to look at
        LogDamaged(path, reason, aside);
        File.Move(path, aside, overwrite: true);
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
    }

    [LoggerMessage(1300, LogLevel.Warning, "{Path} is damaged ({Reason}): it is now {Aside}, and a new catalog is begun")]
    private partial void LogDamaged(string path, string reason, string aside);
}
