using AptP2P.Host.Daemon;
using AptP2P.Host.Plugins.Loading;

namespace AptP2P.Host.Plugins;

/// <summary>
/// Starts the plugins' services and stops them, one plugin after the other and each in limited time. A plugin that does not start, or that
/// fails later, is stopped and left out; the daemon and all other plugins continue.
/// </summary>
internal sealed partial class PluginLife(PluginSet plugins, ILogger<PluginSet> logger) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _watches = [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var entry in plugins.Entries.Where(entry => entry.Works).ToArray())
        {
            await plugins.ServicesOf(entry)!.StartAsync(cancellationToken);
            _watches.Add(WatchAsync(entry, PluginLog.Tell(logger, entry)));
        }

        if (plugins.MissingRequired().ToArray() is { Length: > 0 } missing)
        {
            await StopAsync(cancellationToken);
            throw new NotStartableException(missing);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_watches);
        foreach (var entry in plugins.Entries.Reverse())
        {
            await StopAsync(entry);
        }
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>Stops a plugin that was left out: the rest of it would work for nobody.</summary>
    private async Task WatchAsync(PluginEntry entry, bool told)
    {
        await entry.Gone.WaitAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (entry.Gone.IsCompleted)
        {
            if (!told)
            {
                PluginLog.Tell(logger, entry);
            }

            await StopAsync(entry);
        }
    }

    private async Task StopAsync(PluginEntry entry)
    {
        if (plugins.ServicesOf(entry) is { } services && await services.StopAsync(plugins.StopCalls) is { } problem)
        {
            LogNotStopped(logger, entry.Name, problem);
            entry.Fail(problem);
        }
    }

    [LoggerMessage(1003, LogLevel.Error, "Plugin {Name} did not stop well: {Reason}")]
    private static partial void LogNotStopped(ILogger logger, string name, string reason);
}
