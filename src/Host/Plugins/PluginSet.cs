using AptP2P.Host.Configuration;

namespace AptP2P.Host.Plugins;

/// <summary>
/// The plugins of this run. One that cannot be loaded, or that throws while it is set up, is left out whole and named with its reason; the
/// daemon goes on without it unless <c>[Host] Require</c> lists it (docs/plugins.md).
/// </summary>
internal sealed partial class PluginSet(NodeOptions node)
{
    private readonly List<PluginEntry> _entries = [];

    public IReadOnlyList<PluginEntry> Entries => _entries;

    /// <summary>Loads all plugins and binds their options. What the operator must mend goes into the settings' problems.</summary>
    public static PluginSet Load(NodeOptions node, Settings settings)
    {
        var plugins = new PluginSet(node);
        if (!Directory.Exists(node.PluginsFolder))
        {
            settings.Problems.Add($"[Host] Plugins: there is no folder {node.PluginsFolder}");
            return plugins;
        }

        foreach (var (name, assembly, reason) in PluginFolder.List(node.PluginsFolder))
        {
            var entry = new PluginEntry(name);
            plugins._entries.Add(entry);
            if (assembly is null)
            {
                entry.Fail(reason!);
            }
            else
            {
                entry.Load(assembly);
            }
        }

        foreach (var entry in plugins._entries)
        {
            Bind(entry, settings);
        }

        settings.Problems.AddRange(plugins.MissingRequired().Select(problem => $"[Host] Require: {problem}"));
        return plugins;
    }

    /// <summary>Lets each plugin register its services; those of one that throws are taken back.</summary>
    public void ConfigureServices(IServiceCollection services)
    {
        foreach (var entry in _entries.Where(entry => entry.Plugin is not null))
        {
            var trial = new ServiceCollection();
            CopyTo(services, trial);
            entry.Try("registering its services", plugin =>
            {
                var folder = Path.Combine(node.StateFolder, "plugins", entry.Name);
                Directory.CreateDirectory(folder);
                plugin.ConfigureServices(trial, new PluginContext(folder, node.EndPoint) { DatagramSockets = node.Passed.Datagrams });
                CopyTo(trial, services);
            });
        }
    }

    /// <summary>Lets each plugin map its endpoints.</summary>
    /// <returns><see langword="false"/> when one threw: its services are in the application already, which must be built anew without it.</returns>
    public bool MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        var mapped = true;
        foreach (var entry in _entries.Where(entry => entry.Plugin is IEndpointPlugin))
        {
            entry.Try("mapping its endpoints", plugin => ((IEndpointPlugin)plugin).MapEndpoints(endpoints));
            mapped &= entry.Failure is null;
        }

        return mapped;
    }

    /// <summary>Required plugins that do not work, each with its reason.</summary>
    public IEnumerable<string> MissingRequired() =>
        from name in node.Require
        let entry = _entries.Find(entry => string.Equals(entry.Name, name, StringComparison.OrdinalIgnoreCase))
        where entry?.Plugin is null
        select entry is null ? $"there is no plugin {name} in {node.PluginsFolder}" : $"the plugin {name} does not work: {entry.Failure}";

    public void Log(ILogger<PluginSet> logger)
    {
        foreach (var entry in _entries)
        {
            if (entry.Failure is { } reason)
            {
                LogLeftOut(logger, entry.Name, reason);
            }
            else
            {
                LogLoaded(logger, entry.Name, entry.Version);
            }

            if (entry.Warning is { } warning)
            {
                LogWarning(logger, entry.Name, warning);
            }
        }
    }

    private static void Bind(PluginEntry entry, Settings settings)
    {
        if (entry.Plugin is null)
        {
            settings.Excuse(entry.Name);
            return;
        }

        if (settings.Knows(entry.Name))
        {
            settings.Problems.Add($"[Host] Plugins: the name {entry.Name} is taken twice; remove one of the plugins that have it");
            entry.Fail("its name is taken already");
            return;
        }

        settings.Know(entry.Name);
        entry.Try("making its options", plugin =>
        {
            if (plugin.OptionsType is { } type)
            {
                settings.Section(entry.Name, type);
            }
        });
        if (entry.Failure is not null)
        {
            settings.Excuse(entry.Name);
        }
    }

    private static void CopyTo(IServiceCollection from, IServiceCollection to)
    {
        to.Clear();
        foreach (var service in from)
        {
            to.Add(service);
        }
    }

    [LoggerMessage(1000, LogLevel.Information, "Plugin {Name} {Version} loaded")]
    private static partial void LogLoaded(ILogger logger, string name, string version);

    [LoggerMessage(1001, LogLevel.Error, "Plugin {Name} left out: {Reason}")]
    private static partial void LogLeftOut(ILogger logger, string name, string reason);

    [LoggerMessage(1002, LogLevel.Warning, "Plugin {Name}: {Warning}")]
    private static partial void LogWarning(ILogger logger, string name, string warning);
}
