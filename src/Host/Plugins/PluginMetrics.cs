using System.Diagnostics.Metrics;
using AptP2P.Host.Telemetry;

namespace AptP2P.Host.Plugins;

/// <summary>How many plugins work, reported from the start on.</summary>
internal sealed class PluginMetrics(IMeterFactory meters, PluginSet plugins) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        meters.Create(HostMeter.Name).CreateObservableUpDownCounter<int>(
            "aptp2p.plugin.count",
            () =>
            [
                new(plugins.Entries.Count(entry => entry.Works), State("works")),
                new(plugins.Entries.Count(entry => !entry.Works && !entry.IsUnwanted), State("left_out")),
                new(plugins.Entries.Count(entry => entry.IsUnwanted), State("turned_off")),
            ],
            "{plugin}",
            "Plugins, by whether they work");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static KeyValuePair<string, object?> State(string state) => new("aptp2p.state", state);
}
