using AptP2P.Host.Configuration;
using AptP2P.Host.Daemon;
using AptP2P.Host.Plugins.Guarding;
using AptP2P.Host.Plugins.Loading;

namespace AptP2P.Host.Plugins;

/// <summary>
/// The plugins of this run. One that cannot be loaded, set up or started, or that fails later, is left out whole, and the log says why. The
/// daemon runs without it unless <c>[Host] Require</c> lists it (docs/plugins.md).
/// </summary>
internal sealed class PluginSet : IAsyncDisposable
{
    /// <summary>How long a plugin's services may take to stop. Less than to start: the service manager waits, and then kills.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(5);

    private readonly NodeOptions _node;
    private readonly ForeignCalls _calls;
    private readonly List<PluginEntry> _entries = [];
    private readonly Dictionary<PluginEntry, PluginServices> _services = [];
    private readonly CancellationTokenSource _stopping = new();
    private ILogger _logger = Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public PluginSet(NodeOptions node, TimeProvider? time = null)
    {
        _node = node;
        _calls = new ForeignCalls(node.PluginTime, time ?? TimeProvider.System);
        StopCalls = new ForeignCalls(node.PluginTime < StopTime ? node.PluginTime : StopTime, time ?? TimeProvider.System);
    }

    public IReadOnlyList<PluginEntry> Entries => _entries;

    /// <summary>How a plugin is stopped.</summary>
    public ForeignCalls StopCalls { get; }

    /// <summary>A plugin's container, once it has registered its services.</summary>
    public PluginServices? ServicesOf(PluginEntry entry) => _services.GetValueOrDefault(entry);

    /// <summary>Loads all plugins and binds their options. What the operator must mend goes into the settings' problems.</summary>
    public static async Task<PluginSet> LoadAsync(NodeOptions node, Settings settings, TimeProvider? time = null)
    {
        var plugins = new PluginSet(node, time);
        var trust = new FileTrust();
        foreach (var folder in node.PluginFolders)
        {
            if (Directory.Exists(folder))
            {
                foreach (var path in PluginFolder.List(folder))
                {
                    await plugins.LoadAsync(path, trust);
                }
            }
            else if (node.Plugins.Length == 0 || folder != NodeOptions.OwnPlugins)
            {
                settings.Problems.Add($"[Host] Plugins: there is no folder {folder}");
            }
        }

        foreach (var entry in plugins._entries)
        {
            await plugins.BindAsync(entry, settings);
        }

        settings.Problems.AddRange(
            node.Without.Where(name => plugins.Find(name) is null).Select(name => $"[Host] Without: {plugins.Missing(name)}"));
        settings.Problems.AddRange(plugins.MissingRequired().Select(problem => $"[Host] Require: {problem}"));
        return plugins;
    }

    /// <summary>Adds a plugin that is there already, as if it had been loaded.</summary>
    public async Task AddAsync(IPlugin plugin, Settings settings)
    {
        var entry = new PluginEntry(plugin.GetType().Name, _calls);
        _entries.Add(entry);
        await entry.TryAsync("loading", () =>
        {
            if (entry.Take(plugin) is { } reason)
            {
                entry.Fail(reason);
            }
        });
        await BindAsync(entry, settings);
    }

    /// <summary>Lets each plugin register its services, in a container of its own. The host gets those that are for it.</summary>
    public async Task ConfigureServicesAsync(IServiceCollection host, PeerReach reach, NetworkSecret secret)
    {
        foreach (var entry in _entries.Where(entry => entry.Works))
        {
            var services = new PluginServices(entry);
            await entry.TryAsync("registering its services", () =>
            {
                var folder = Path.Combine(_node.StateFolder, "plugins", entry.Name);
                Directory.CreateDirectory(folder);
                entry.Plugin!.ConfigureServices(
                    services.Registered,
                    new PluginContext(folder, _node.EndPoint)
                    {
                        DatagramSockets = _node.Passed.Datagrams,
                        Reach = reach,
                        NetworkSecret = secret,
                        Stopping = _stopping.Token,
                    });
            });
            if (entry.Works)
            {
                services.GiveTo(host);
                _services[entry] = services;
            }
        }

        host.AddSingleton(this).AddHostedService<PluginLife>().AddHostedService<PluginMetrics>();
    }

    /// <summary>
    /// Makes what the plugins have for the host, and lets each map its endpoints: once the host has mapped its own, and before it has made
    /// what asks for a source, a policy or the store.
    /// </summary>
    public async Task ConnectAsync(WebApplication app)
    {
        _logger = app.Services.GetRequiredService<ILogger<PluginSet>>();
        app.Lifetime.ApplicationStopping.Register(() => _stopping.CancelAsync()); // not awaited: what is registered there is foreign code
        foreach (var entry in _entries)
        {
            await entry.TryAsync("making its services", () => ServicesOf(entry)!.Make(app.Services));
        }

        ICollection<EndpointDataSource> sources = ((IEndpointRouteBuilder)app).DataSources;
        foreach (var entry in _entries.Where(entry => entry.Plugin is IEndpointPlugin))
        {
            IReadOnlyList<RouteEndpoint> mapped = [];
            await entry.TryAsync("mapping its endpoints", () =>
            {
                var endpoints = new PluginEndpoints(entry, ServicesOf(entry)!);
                ((IEndpointPlugin)entry.Plugin!).MapEndpoints(endpoints);
                mapped = endpoints.Guarded();
            });
            if (entry.Works
                && PluginEndpoints.FindClash(mapped, sources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()) is { } clash)
            {
                entry.Fail(clash);
            }

            if (entry.Works)
            {
                sources.Add(new DefaultEndpointDataSource(mapped));
            }
        }

        foreach (var entry in _entries.Where(entry => !entry.Works)) // said even if the daemon does not start
        {
            PluginLog.Tell(_logger, entry);
        }
    }

    /// <summary>Required plugins that do not work, each with its reason.</summary>
    public IEnumerable<string> MissingRequired() =>
        from name in _node.Require
        let entry = Find(name)
        where entry is not { Works: true }
        select entry is null ? Missing(name) : $"the plugin {name} does not work: {entry.Failure}";

    /// <summary>
    /// Whether an exception that nobody caught is a plugin's, thrown on a thread, in a timer or in an <c>async void</c> of its own. That
    /// would end the process; the plugin is left out instead.
    /// </summary>
    public bool Hold(Exception exception)
    {
        if (_entries.Find(entry => entry.TookPartIn(exception)) is not { } entry)
        {
            return false;
        }

        PluginLog.Uncaught(_logger, entry.Name, exception);
        entry.Fail($"it threw {ForeignCalls.Describe(exception)} where nobody catches it");
        return true;
    }

    /// <summary>Disposes of the plugins' containers, when nothing of the host uses them any more.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var services in _entries.Select(ServicesOf).OfType<PluginServices>().Reverse())
        {
            await services.DisposeAsync(StopCalls); // nobody is left who could be told what went wrong
        }
    }

    private Task LoadAsync(string path, FileTrust trust)
    {
        var name = Path.GetFileName(path);
        var entry = new PluginEntry(name, _calls);
        _entries.Add(entry);
        if (IsTurnedOff(name))
        {
            entry.TurnOff(); // no code of it has run
            return Task.CompletedTask;
        }

        return entry.TryAsync($"loading {path}", () =>
        {
            var assembly = PluginFolder.FindAssembly(path, name, out var reason);
            if ((trust.FindDoubt(path) ?? reason ?? entry.Load(assembly!)) is { } problem)
            {
                entry.Fail(problem);
            }
            else if (IsTurnedOff(entry.Name))
            {
                entry.TurnOff();
            }
        });
    }

    private async Task BindAsync(PluginEntry entry, Settings settings)
    {
        if (entry.Works && settings.Knows(entry.Name))
        {
            entry.Fail($"its name {entry.Name} is taken already");
            return;
        }

        if (entry.Works)
        {
            settings.Know(entry.Name);
            BoundSection? bound = null;
            await entry.TryAsync("making its options", () =>
                bound = entry.Plugin!.OptionsType is { } type ? settings.Bind(entry.Name, type) : null);
            if (entry.Works && bound is not null)
            {
                settings.Add(entry.Name, bound);
                entry.Options = bound.Options;
            }
        }

        if (!entry.Works && _entries.TrueForAll(other => other == entry || !other.Works || other.Name != entry.Name))
        {
            settings.Excuse(entry.Name);
        }
    }

    private bool IsTurnedOff(string name) => _node.Without.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The plugin of a name; of several, the one that works.</summary>
    private PluginEntry? Find(string name) =>
        _entries
            .Where(entry => string.Equals(entry.Name, name, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(entry => entry.Works)
            .FirstOrDefault();

    private string Missing(string name) => $"there is no plugin {name} in {string.Join(" or ", _node.PluginFolders)}";
}
