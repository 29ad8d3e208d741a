using System.Collections.Immutable;
using AptP2P.Host.Daemon;
using AptP2P.Host.Origins.Mirrors;
using AptP2P.Host.Plugins;
using AptP2P.Host.Plugins.Loading;
using Microsoft.Extensions.Options;

namespace AptP2P.Host;

/// <summary>What the status page says about the daemon itself.</summary>
internal sealed class NodeStatus(
    IOptions<NodeOptions> node, PluginSet plugins, NodeHealth health, MirrorClock clock, DaemonStart start, TimeProvider time)
    : IStatusSection
{
    private const string Mirrors = "Source.Mirror";

    private static readonly ImmutableArray<StatusColumn> Columns = [new("name", "Name"), new("version", "Version"), new("state", "State")];

    public string Key => "node";

    public string Title => "This node";

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken) =>
        new([
            new StatusValue("version", "Version", Product.Version),
            new StatusValue("started", "Started", start.At),
            new StatusValue("uptime", "Running for", (time.GetUtcNow() - start.At).TotalSeconds, StatusUnit.Seconds),
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
            .. plugins.Entries.Where(IsMissed).DistinctBy(KeyOf).Select(Problem),
            .. ClockOff(),
        ]);

    /// <summary>Not where the operator wants it so, unless nothing is left that gets files from mirrors.</summary>
    private bool IsMissed(PluginEntry entry) => !entry.Works && (!entry.IsUnwanted || IsNeeded(entry));

    private bool IsNeeded(PluginEntry entry) => entry.Name == Mirrors && !health.HasOrigins;

    private StatusProblem Problem(PluginEntry entry) => new StatusProblem(
        $"pluginLeftOut{KeyOf(entry)}",
        $"The plugin {entry.Name} is left out: {entry.Failure}" + (IsNeeded(entry) ? "; nothing comes from the mirrors by it" : ""),
        IsNeeded(entry) ? ProblemSeverity.Error : ProblemSeverity.Warning,
        entry.IsUnwanted
            ? $"Take {entry.Name} out of [Host] Without, and restart the daemon."
            : $"Mend or replace it and restart the daemon, or name it in [Host] Without={entry.Name}.");

    private IEnumerable<StatusItem> ClockOff()
    {
        if (clock.Off is var (behind, authority))
        {
            var minutes = (long)behind.Duration().TotalMinutes;
            yield return new StatusProblem(
                "clockOff",
                $"The clock of this machine is {minutes} minutes {(behind > TimeSpan.Zero ? "behind" : "before")} that of {authority}",
                ProblemSeverity.Warning,
                "Set it right (timedatectl shows whether it is kept so): apt takes a Release only from its date until it ends.");
        }
    }

    /// <summary>A name as it can be part of a key: its letters and digits, each of its parts with a capital.</summary>
    private static string KeyOf(PluginEntry entry) => string.Concat(
        entry.Name.Split([.. entry.Name.Where(static letter => !char.IsAsciiLetterOrDigit(letter))], StringSplitOptions.RemoveEmptyEntries)
            .Select(static part => char.ToUpperInvariant(part[0]) + part[1..]));
}
