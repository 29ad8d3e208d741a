using System.Security.Cryptography;
using AptP2P;
using AptP2P.Ports;
using AptP2P.Ports.Configuration;
using AptP2P.Ports.Sockets;
using Microsoft.Extensions.DependencyInjection;

[assembly: Plugin(typeof(PortMappingPlugin))]

namespace AptP2P.Ports;

/// <summary>Has the router pass the node's port: by PCP, NAT-PMP or UPnP.</summary>
public sealed class PortMappingPlugin : IPlugin
{
    public string Name => "PortMapping";

    public Type? OptionsType => typeof(PortMappingOptions);

    public void ConfigureServices(IServiceCollection services, PluginContext context) =>
        services
            .AddSingleton(context)
            .AddSingleton<PortsMetrics>()
            .AddSingleton<SocketNetwork>()
            .AddSingleton(new Random(RandomNumberGenerator.GetInt32(int.MaxValue)))
            .AddSingleton<PortMappingService>()
            .AddHostedService(static provider => provider.GetRequiredService<PortMappingService>())
            .AddSingleton<IPortMapping>(static provider => provider.GetRequiredService<PortMappingService>())
            .AddSingleton<IStatusSection, PortsStatus>();
}
