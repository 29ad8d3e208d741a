using AptP2P.Host.Catalog;
using AptP2P.Host.Configuration;
using AptP2P.Host.Daemon;
using AptP2P.Host.Fetching;
using AptP2P.Host.Links;
using AptP2P.Host.Origins;
using AptP2P.Host.Policy;
using AptP2P.Host.Proxy;
using AptP2P.Host.Sharing;
using AptP2P.Host.Storage;
using AptP2P.Host.Telemetry;
using AptP2P.Host.Traffic;

namespace AptP2P.Host;

/// <summary>A feature is a folder, and a line here. It binds its section by <c>settings.Section&lt;T&gt;("Name")</c>.</summary>
internal static class Features
{
    public static IServiceCollection AddFeatures(this IServiceCollection services, Settings settings, NodeOptions node) =>
        services
            .AddTelemetry(settings, new ConfigurationBuilder().AddEnvironmentVariables().Build(), Product.Version)
            .AddLog(node.Log)
            .AddSingleton(new DaemonStart(TimeProvider.System.GetUtcNow())) // now: the page is looked at later
            .AddSingleton<NodeHealth>()
            .AddSingleton<HealthReasons>(static provider => () => provider.GetRequiredService<NodeHealth>().Reasons)
            .AddSingleton<IStatusSection, NodeStatus>()
            .AddLinks()
            .AddStorage(settings, node.StateFolder)
            .AddOrigins(settings, node)
            .AddPolicy(settings)
            .AddFetching(settings)
            .AddCatalog(settings, node.StateFolder)
            .AddProxy(settings)
            .AddSharing(settings)
            .AddTraffic(node.StateFolder);

    /// <summary>Guards what plugins have registered in the place of a feature. Called when all have.</summary>
    public static IServiceCollection GuardPlugins(this IServiceCollection services) => services.GuardStore();
}
