using AptP2P.Host.Storage.Space;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Storage.Checking;

/// <summary>
/// Verifies all that is stored, again and again, as slowly as <c>[Store] VerifyRate</c> says: some files at a time, so that a disk may
/// sleep in between. After a restart it continues where it was.
/// </summary>
internal sealed partial class StoreScrub(
    StoreCheck check, StorePaths paths, IOptions<ScrubOptions> options, TimeProvider time, ILogger<StoreScrub> logger) : BackgroundService
{
    /// <summary>How much is verified before the pause that makes up for it.</summary>
    private const long Batch = 16 << 20;

    private static readonly TimeSpan LongestRest = TimeSpan.FromDays(40); // no timer takes more

    /// <summary>Verifies round after round until it is told to stop.</summary>
    internal async Task RunAsync(CancellationToken stoppingToken)
    {
        var rate = options.Value.VerifyRate.Bytes;
        if (rate == 0)
        {
            return;
        }

        for (var owed = 0L; ;)
        {
            await RestAsync(Batch); // at the start others have more to do, and a small store is soon verified
            await foreach (var (content, _) in check.VerifyAllAsync(Read(), gently: true, stoppingToken))
            {
                owed += content.Length;
                if (owed >= Batch)
                {
                    Write(content.Hash.ToString());
                    await RestAsync(owed);
                    owed = 0;
                }
            }

            Write(""); // the next round begins with the first
        }

        Task RestAsync(long bytes) =>
            Task.Delay(TimeSpan.FromSeconds(Math.Min((double)bytes / rate, LongestRest.TotalSeconds)), time, stoppingToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    private ContentHash? Read()
    {
        try
        {
            return File.Exists(paths.Verified) && ContentHash.TryParse(File.ReadAllText(paths.Verified), out var hash) ? hash : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotRemembered(e.Message);
            return null;
        }
    }

    private void Write(string hash)
    {
        try
        {
            File.WriteAllText(paths.Verified, hash);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotRemembered(e.Message);
        }
    }

    [LoggerMessage(1412, LogLevel.Debug, "How far the stored files were verified is not remembered: {Reason}")]
    private partial void LogNotRemembered(string reason);
}
