using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Catalog.Database;

/// <summary>Forgets, at the start and once a day, what has been replaced for long enough.</summary>
internal sealed partial class CatalogPruning(
    CatalogWriter writer, IOptions<CatalogOptions> options, TimeProvider time, ILogger<CatalogPruning> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                LogPruned(await writer.PruneAsync(time.GetUtcNow() - options.Value.KeepOld, stoppingToken));
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
