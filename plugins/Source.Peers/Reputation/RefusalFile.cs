using System.Globalization;
using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AptP2P.Source.Peers.Reputation;

/// <summary>
/// Keeps refusals over a restart: one line each, "address count until why", written anew after each change. Files of older versions do not
/// say why.
/// </summary>
internal sealed partial class RefusalFile(string path, PeerReputation reputation, ILogger<RefusalFile> logger) : BackgroundService
{
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Load();
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (reputation.Changes.TryRead(out _))
        {
            await SaveAsync();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in reputation.Changes.ReadAllAsync(stoppingToken))
        {
            await SaveAsync();
        }
    }

    private void Load()
    {
        try
        {
            if (File.Exists(path))
            {
                foreach (var pause in File.ReadLines(path).Select(Parse))
                {
                    reputation.Refused.Restore(pause);
                }
            }
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or FormatException or OverflowException or ArgumentOutOfRangeException)
        {
            LogDamaged(logger, path, e.Message); // what was read before stays; the next change writes it anew
        }
    }

    private async Task SaveAsync()
    {
        var lines = reputation.Refused.Entries.Select(pause =>
            string.Create(
                    CultureInfo.InvariantCulture,
                    $"{pause.Key} {pause.Count} {pause.Until.ToUnixTimeSeconds()} {pause.Why?.ReplaceLineEndings(" ")}")
                .TrimEnd());
        try
        {
            await File.WriteAllLinesAsync(path + ".new", lines, CancellationToken.None); // a stop does not cut it short
            File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotSaved(logger, path, e.Message);
        }
    }

    private static Pause<IPAddress> Parse(string line)
    {
        var parts = line.Split(' ', 4);
        return parts.Length >= 3
            ? new Pause<IPAddress>(
                IPAddress.Parse(parts[0]),
                int.Parse(parts[1], CultureInfo.InvariantCulture),
                DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[2], CultureInfo.InvariantCulture)),
                parts.ElementAtOrDefault(3))
            : throw new FormatException($"'{line}' is not a refusal");
    }

    [LoggerMessage(4010, LogLevel.Warning, "{Path} is damaged, some refusals of peers are forgotten: {Reason}")]
    private static partial void LogDamaged(ILogger logger, string path, string reason);

    [LoggerMessage(4011, LogLevel.Warning, "Refusals of peers cannot be saved to {Path}: {Reason}")]
    private static partial void LogNotSaved(ILogger logger, string path, string reason);
}
