using AptP2P.Host.Databases;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Catalog.Database;

/// <summary>Forgets, at the start and once a day, what has been replaced for long enough.</summary>
internal sealed partial class CatalogPruning(
    CatalogWriter writer, IOptions<PruningOptions> options, TimeProvider time, ILogger<CatalogPruning> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    /// <summary>
    /// Forgets what no archive has named since <paramref name="before"/>: Releases that were replaced by then, and what indexes named that
    /// have been read anew. A suite's newest Release and what rests on it stay, however old: stable suites rest for months.
    /// </summary>
    /// <returns>How many rows that were.</returns>
    public Task<int> PruneAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            catalog => catalog.Execute(
                $"""
                DELETE FROM suite WHERE id NOT IN (SELECT suite FROM release);
                DELETE FROM release WHERE suite NOT IN (SELECT id FROM suite)
                    OR (time < {before.ToUnixTimeSeconds()} AND id NOT IN (SELECT release FROM suite WHERE release IS NOT NULL));
                DELETE FROM slot WHERE suite NOT IN (SELECT id FROM suite) OR (time < {before.ToUnixTimeSeconds()} AND NOT current);
                DELETE FROM named WHERE release NOT IN (SELECT id FROM release);
                DELETE FROM file WHERE NOT EXISTS (SELECT 1 FROM slot l WHERE l.id = file.slot AND l.edition = file.edition);
                DELETE FROM unproven WHERE NOT EXISTS (SELECT 1 FROM release r WHERE r.id = unproven.release)
                    AND NOT EXISTS (SELECT 1 FROM slot l WHERE l.id = unproven.slot AND l.edition = unproven.edition);
                DELETE FROM proven WHERE time < {before.ToUnixTimeSeconds()};
                DELETE FROM archive WHERE id NOT IN (SELECT archive FROM suite);
                """),
            cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                LogPruned(await PruneAsync(time.GetUtcNow() - options.Value.KeepOld, stoppingToken));
            }
            catch (SqliteException failure)
            {
                LogNotPruned(failure.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1340, LogLevel.Debug, "The catalog forgot {Rows} rows")]
    private partial void LogPruned(int rows);

    [LoggerMessage(1341, LogLevel.Warning, "The catalog could not be pruned: {Reason}")]
    private partial void LogNotPruned(string reason);
}
