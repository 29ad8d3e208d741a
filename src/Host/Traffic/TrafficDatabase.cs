using AptP2P.Host.Databases;
using Microsoft.Data.Sqlite;

namespace AptP2P.Host.Traffic;

/// <summary>
/// The file traffic.db. It is small, since each step of a ring has its row, and it can be done without: where it cannot be read or written,
/// that is said once, and tried again.
/// </summary>
internal sealed partial class TrafficDatabase : IDisposable
{
    public const string FileName = "traffic.db";

    /// <summary>Some 300 rows; a file that is larger than that is no history of ours.</summary>
    private const long MaxBytes = 1 << 20;

    /// <summary>Far more than any daemon moves; sums of a few of them are still numbers.</summary>
    private const long MostBytes = 1L << 58;

    private const int Version = 1;

    private const string Tables = """
        -- All bytes since the daemon first ran: one row.
        CREATE TABLE IF NOT EXISTS total (
            id INTEGER PRIMARY KEY CHECK (id = 1), since INTEGER NOT NULL,
            store INTEGER NOT NULL, peers INTEGER NOT NULL, mirror INTEGER NOT NULL, sent INTEGER NOT NULL);

        -- The bytes of a step of a span, counted from 1970. A later step has an earlier one's place.
        CREATE TABLE IF NOT EXISTS step (
            ring TEXT NOT NULL, place INTEGER NOT NULL, number INTEGER NOT NULL,
            store INTEGER NOT NULL, peers INTEGER NOT NULL, mirror INTEGER NOT NULL, sent INTEGER NOT NULL,
            PRIMARY KEY (ring, place)) WITHOUT ROWID;
        """;

    private readonly ILogger<TrafficDatabase> _logger;
    private readonly string _path;
    private readonly DatabaseFile _file;
    private SqliteConnection? _connection;
    private bool _isBroken;

    public TrafficDatabase(string stateFolder, ILogger<TrafficDatabase> logger)
    {
        _logger = logger;
        _path = Path.Combine(stateFolder, FileName);
        _file = new DatabaseFile(_path, Version, Tables, MaxBytes, (reason, aside) => LogDamaged(_path, reason, aside));
    }

    /// <param name="record">What earlier runs have left; nothing if there was none.</param>
    /// <returns>Whether it can be told.</returns>
    public bool TryLoad(out TrafficRecord? record)
    {
        TrafficRecord? loaded = null;
        var isLoaded = Try(connection => loaded = Read(connection));
        record = loaded;
        return isLoaded;
    }

    /// <summary>Keeps a record's total and steps; all of it or nothing.</summary>
    public bool TrySave(TrafficRecord record) => Try(connection => Write(connection, record));

    public void Dispose() => _connection?.Dispose();

    private bool Try(Action<SqliteConnection> action)
    {
        try
        {
            action(_connection ??= Open());
            _isBroken = false;
            return true;
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            _connection?.Dispose(); // it may be damaged, which shows when it is opened again
            _connection = null;
            if (!_isBroken)
            {
                _isBroken = true;
                LogBroken(_path, e.Message);
            }

            return false;
        }
    }

    private SqliteConnection Open()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        return _file.OpenOrReplace();
    }

    private static TrafficRecord? Read(SqliteConnection connection)
    {
        using var steps = connection.Prepare("SELECT store, peers, mirror, sent, ring, place, number FROM step");
        using var total = connection.Prepare("SELECT store, peers, mirror, sent, since FROM total");
        using var row = total.ExecuteReader();
        return row.Read() && TryCount(row, out var all)
            ? new TrafficRecord(
                DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(row.GetInt64(4), 0, DateTimeOffset.MaxValue.ToUnixTimeSeconds())),
                all,
                [
                    .. steps
                        .ReadAll(step => (
                            Ring: step.GetString(4), Place: step.GetInt32(5), Number: TryCount(step, out var count) ? step.GetInt64(6) : 0,
                            Count: count))
                        .Select(step => (step.Ring, step.Place, new TrafficStep(step.Number, step.Count))),
                ])
            : null;
    }

    private static bool TryCount(SqliteDataReader row, out TrafficCount count)
    {
        count = new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3));
        return count is
        {
            Store: >= 0 and < MostBytes, Peers: >= 0 and < MostBytes, Mirror: >= 0 and < MostBytes, Sent: >= 0 and < MostBytes
        };
    }

    private static void Write(SqliteConnection connection, TrafficRecord record)
    {
        using var transaction = connection.BeginTransaction();
        var (store, peers, mirror, sent) = record.Total;
        connection.Run(
            "INSERT OR REPLACE INTO total (id, since, store, peers, mirror, sent) VALUES (1, $1, $2, $3, $4, $5)",
            record.Since.ToUnixTimeSeconds(), store, peers, mirror, sent);
        using var insert = connection.Prepare(
            "INSERT OR REPLACE INTO step (ring, place, number, store, peers, mirror, sent) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            SqliteType.Text, SqliteType.Integer, SqliteType.Integer, SqliteType.Integer, SqliteType.Integer, SqliteType.Integer,
            SqliteType.Integer);
        foreach (var (ring, place, (number, count)) in record.Steps)
        {
            insert.With(ring, place, number, count.Store, count.Peers, count.Mirror, count.Sent).ExecuteNonQuery();
        }

        transaction.Commit();
    }

    [LoggerMessage(1900, LogLevel.Warning, "{Path} is damaged ({Reason}): it is now {Aside}, and what the status page counts begins anew")]
    private partial void LogDamaged(string path, string reason, string aside);

    [LoggerMessage(
        1901, LogLevel.Warning, "{Path} cannot be read or written ({Reason}): what the status page says of the past may be lost at a stop")]
    private partial void LogBroken(string path, string reason);
}
