using AptP2P.Host.Databases;
using Microsoft.Data.Sqlite;

namespace AptP2P.Host.Catalog.Database;

/// <summary>
/// The file catalog.db: one connection that reads and one that writes, so that a request never waits for an index being learned. When it is
/// damaged a new one is begun: everything in it can be learned again.
/// </summary>
internal sealed partial class CatalogDatabase : IDisposable
{
    public const string FileName = "catalog.db";

    /// <summary>
    /// Some 5 million files. Stops many invented suites from filling the disk; learning then fails and requests still pass.
    /// </summary>
    public const long MaxBytes = 1L << 30;

    private readonly ILogger<CatalogDatabase> _logger;
    private readonly DatabaseFile _file;

    public CatalogDatabase(string stateFolder, ILogger<CatalogDatabase> logger)
    {
        _logger = logger;
        var path = Path.Combine(Directory.CreateDirectory(stateFolder).FullName, FileName);
        _file = new DatabaseFile(
            path, CatalogSchema.Version, CatalogSchema.Tables, MaxBytes, (reason, aside) => LogDamaged(path, reason, aside));
        Writer = _file.OpenOrReplace();
        Reader = _file.Open();
    }

    /// <summary>For one thread at a time.</summary>
    public SqliteConnection Writer { get; }

    /// <summary>For one thread at a time.</summary>
    public SqliteConnection Reader { get; }

    /// <summary>One more for reading, for whoever takes long. The caller disposes it.</summary>
    public SqliteConnection OpenReader() => _file.Open();

    public void Dispose()
    {
        Reader.Dispose();
        Writer.Dispose();
    }

    [LoggerMessage(1300, LogLevel.Warning, "{Path} is damaged ({Reason}): it is now {Aside}, and a new catalog is begun")]
    private partial void LogDamaged(string path, string reason, string aside);
}
