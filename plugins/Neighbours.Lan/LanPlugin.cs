using System.Security.Cryptography;
using AptP2P;
using AptP2P.Neighbours.Lan;
using AptP2P.Neighbours.Lan.Configuration;
using AptP2P.Neighbours.Lan.Links;
using AptP2P.Neighbours.Lan.Listening;
using AptP2P.Neighbours.Lan.Sockets;
using Microsoft.Extensions.DependencyInjection;

[assembly: Plugin(typeof(LanPlugin))]

namespace AptP2P.Neighbours.Lan;

/// <summary>Who is on this network: local service discovery as BitTorrent has it (BEP 14), with an infohash of our own.</summary>
public sealed class LanPlugin : IPlugin
{
    /// <inheritdoc/>
    public string Name => "Neighbours.Lan";

    /// <inheritdoc/>
    public Type? OptionsType => typeof(LanOptions);

    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services, PluginContext context) =>
        services
            .AddSingleton(new LanEnvironment(context.EndPoint, context.Reach, context.NetworkSecret))
            .AddSingleton(new Random(RandomNumberGenerator.GetInt32(int.MaxValue))) // for pauses: machines must not speak all at once
            .AddSingleton<LanMetrics>()
            .AddSingleton<Neighbourhood>()
            .AddSingleton<INeighbours>(provider => provider.GetRequiredService<Neighbourhood>())
            .AddSingleton<Listener>()
            .AddSingleton<IMulticast, Multicast>()
            .AddSingleton<LanService>()
            .AddHostedService(provider => provider.GetRequiredService<LanService>())
            .AddSingleton<IStatusSection, LanStatus>();
}
