using AptP2P;
using AptP2P.Dht.Kademlia;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Meeting;
using AptP2P.Dht.Kademlia.Reachability;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

[assembly: Plugin(typeof(KademliaPlugin))]

namespace AptP2P.Dht.Kademlia;

/// <summary>Who has it: look-up and announcement through a Kademlia DHT that speaks BitTorrent's KRPC.</summary>
public sealed class KademliaPlugin : IEndpointPlugin
{
    /// <inheritdoc/>
    public string Name => "Dht.Kademlia";

    /// <inheritdoc/>
    public Type? OptionsType => typeof(KademliaOptions);

    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services, PluginContext context)
    {
        var environment = new KademliaEnvironment(context.StateFolder, context.EndPoint, context.DatagramSockets)
        {
            Reach = context.Reach, Secret = context.NetworkSecret,
        };
        services
            .AddSingleton(environment)
            .AddSingleton(static provider => provider.GetRequiredService<IOptions<KademliaOptions>>().Value)
            .AddSingleton<KademliaMetrics>()
            .AddSingleton<MeetingMetrics>()
            .AddSingleton<NetworkParts>()
            .AddSingleton<KademliaService>()
            .AddHostedService(static provider => provider.GetRequiredService<KademliaService>())
            .AddSingleton<IPeerLookup, KademliaLookup>()
            .AddSingleton<IPeerStore, KademliaPeerStore>()
            .AddSingleton<IStatusSection, KademliaStatus>()
            .AddSingleton<IStatusSection, NetworkStatus>();
        services
            .AddSingleton<ReachMetrics>()
            .AddSingleton<ShortRequests>()
            .AddSingleton<Nonces>()
            .AddSingleton<ReachQuestions>()
            .AddSingleton<ReachRates>()
            .AddSingleton<CallBack>()
            .AddSingleton<ReachEndpoints>();
    }

    /// <inheritdoc/>
    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        var reach = endpoints.ServiceProvider.GetRequiredService<ReachEndpoints>();
        endpoints.MapGet(ReachMessage.ReachPath, reach.ReachAsync);
        endpoints.MapGet(ReachMessage.HelloPath, reach.HelloAsync);
    }
}
