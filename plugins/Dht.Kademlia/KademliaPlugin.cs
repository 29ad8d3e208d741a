using AptP2P;
using AptP2P.Dht.Kademlia;
using AptP2P.Dht.Kademlia.Configuration;
using Microsoft.Extensions.DependencyInjection;

[assembly: Plugin(typeof(KademliaPlugin))]

namespace AptP2P.Dht.Kademlia;

/// <summary>Who has it: look-up and announcement through a Kademlia DHT that speaks BitTorrent's KRPC.</summary>
public sealed class KademliaPlugin : IPlugin
{
    /// <inheritdoc/>
    public string Name => "Dht.Kademlia";

    /// <inheritdoc/>
    public Type? OptionsType => typeof(KademliaOptions);

    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
        services.AddSingleton(new KademliaEnvironment(context.StateFolder, context.EndPoint, context.DatagramSockets));
        services.AddSingleton<KademliaMetrics>();
        services.AddSingleton<KademliaService>();
        services.AddHostedService(static provider => provider.GetRequiredService<KademliaService>());
        services.AddSingleton<IPeerLookup, KademliaLookup>();
        services.AddSingleton<IPeerStore, KademliaPeerStore>();
        services.AddSingleton<IStatusSection, KademliaStatus>();
    }
}
