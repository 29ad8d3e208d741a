using AptP2P;
using AptP2P.Source.Mirror;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

[assembly: Plugin(typeof(MirrorPlugin))]

namespace AptP2P.Source.Mirror;

/// <summary>Bytes from the archive's own mirrors, over HTTP and HTTPS.</summary>
public sealed class MirrorPlugin : IPlugin
{
    public string Name => "Source.Mirror";

    public Type? OptionsType => typeof(MirrorOptions);

    public void ConfigureServices(IServiceCollection services, PluginContext context) =>
        services
            .AddSingleton<MirrorMetrics>()
            .AddSingleton(provider => new OriginSlots(provider.GetRequiredService<IOptions<MirrorOptions>>().Value.ConnectionsPerOrigin))
            .AddSingleton<ISource, MirrorSource>();
}
