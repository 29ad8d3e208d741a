using System.ComponentModel;
#if (kind == "lookup")
using System.Net;
#endif
#if (kind == "status")
using System.ComponentModel.DataAnnotations;
#endif
using AptP2P;
using Microsoft.Extensions.DependencyInjection;

[assembly: Plugin(typeof(PluginName.EntryPoint))]

namespace PluginName;

/// <summary>What the daemon finds: a name, options, and what the plugin registers for it.</summary>
public sealed class EntryPoint : IPlugin
{
    // Its section of the configuration too: [PluginName]
    public string Name => "PluginName";

    public Type? OptionsType => typeof(Settings);

    public void ConfigureServices(IServiceCollection services, PluginContext context) =>
#if (kind == "source")
        services.AddSingleton<ISource, FolderSource>();
#elif (kind == "lookup")
        services.AddSingleton(context).AddSingleton<IPeerLookup, ListedPeers>();
#elif (kind == "policy")
        services.AddSingleton<ISourcePolicy, MirrorLast>(); // [Policy] Name=PluginName chooses it
#else
        services.AddSingleton<IStatusSection, Greetings>();
#endif
}

/// <summary>Each property is a key: its initial value the default, the annotations what is allowed.</summary>
public sealed class Settings
{
#if (kind == "source")
    [Description("Where the files are, each named by its SHA-256.")]
    public string Folder { get; set; } = "/srv/contents";
#elif (kind == "lookup")
    [Description("Daemons that are asked for every shared file, as address:port.")]
    public IPEndPoint[] Peers { get; set; } = [];
#elif (kind == "policy")
    [Description("How long nothing may come before the mirror helps.")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(3);
#else
    [Description("What the page says.")]
    [MinLength(1)]
    public string Greeting { get; set; } = "Hello";
#endif
}
