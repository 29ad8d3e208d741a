namespace AptP2P.Host.Storage.Files;

/// <summary>
/// Reads at the start what is stored, and removes from time to time what must go, also while nobody fetches anything.
/// </summary>
internal sealed partial class StoreUpkeep(IContentStore store, TimeProvider time, ILogger<StoreUpkeep> logger) : BackgroundService
{
    /// <summary>A suite that nobody has asked for in this time is no longer used.</summary>
    private static readonly TimeSpan KeepCopies = TimeSpan.FromDays(90);

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (store is not FileContentStore files) // a plugin's store cares for itself
        {
            return;
        }

        await AttemptAsync(files.Inventory.LoadAsync);
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await AttemptAsync(async () =>
            {
                files.TidyCopies(files.Now - KeepCopies);
                LogExpired(files.RemovePartials(files.Now - files.Quota.Limits.KeepPartials));
                await files.Quota.Look();
            });
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task AttemptAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(e.Message);
        }
    }

    [LoggerMessage(1407, LogLevel.Debug, "{Count} unfinished files that nobody had continued were removed")]
    private partial void LogExpired(int count);

    [LoggerMessage(1408, LogLevel.Warning, "The store cannot be looked through: {Reason}")]
    private partial void LogUnreadable(string reason);
}
