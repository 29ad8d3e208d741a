using System.Collections.Immutable;
using AptP2P.Host.Daemon;
using AptP2P.Host.Plugins;
using Microsoft.Extensions.Options;

namespace AptP2P.Host;

/// <summary>What the status page says about the daemon itself.</summary>
internal sealed class NodeStatus(IOptions<NodeOptions> node, PluginSet plugins, TimeProvider time) : IStatusSection
{
    private static readonly ImmutableArray<StatusColumn> Columns = [new("name", "Name"), new("version", "Version"), new("state", "State")];

    private readonly DateTimeOffset _started = time.GetUtcNow();

    public string Key => "node";

    public string Title => "This node";

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken) =>
        new([
            new StatusValue("version", "Version", Product.Version),
            new StatusValue("started", "Started", _started),
            new StatusValue("uptime", "Running for", (time.GetUtcNow() - _started).TotalSeconds, StatusUnit.Seconds),
            new StatusValue("listens", "Listens on", node.Value.EndPoint.ToString()),
            new StatusTable(
                "plugins",
                "Plugins",
                Columns,
                [
                    .. plugins.Entries.Select(entry =>
                        (ImmutableArray<object?>)[entry.Name, entry.Version, entry.Failure is { } reason ? $"left out: {reason}" : "works"]
                    ),
                ]),
        ]);
}
