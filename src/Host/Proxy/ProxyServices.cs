using AptP2P.Host.Catalog.Archives;
using AptP2P.Host.Catalog.Refresh;
using AptP2P.Host.Catalog.Signatures;
using AptP2P.Host.Configuration;
using AptP2P.Host.Daemon;
using AptP2P.Host.Fetching;
using AptP2P.Host.Proxy.Connections;
using AptP2P.Host.Proxy.Metadata;
using AptP2P.Host.Proxy.Runs;
using AptP2P.Host.Storage.Space;

namespace AptP2P.Host.Proxy;

/// <summary>Registers this folder, and wires what must not know each other: the catalog, the fetcher and the store.</summary>
internal static class ProxyServices
{
    public static IServiceCollection AddProxy(this IServiceCollection services, Settings settings)
    {
        settings.Section<ProxyOptions>("Proxy");
        services.AddHttpForwarder();
        services.AddSingleton<ClientRules>().AddSingleton<PassThrough>().AddSingleton<PassThroughLane>();
        services.AddSingleton<MetadataQuestions>().AddSingleton<MetadataLane>();
        services
            .AddSingleton<AptRuns>()
            .AddSingleton<ProxyMetrics>()
            .AddSingleton<FileSender>()
            .AddSingleton<ContentOpener>()
            .AddSingleton<IStatusSection, DownloadStatus>();
        services
            .AddSingleton<IndexBacklog>()
            .AddSingleton<Identification>()
            .AddSingleton<Tunnels>()
            .AddSingleton<ConnectionGate>()
            .AddSingleton<ClientConnections>()
            .AddSingleton<ConnectionStep>(provider => provider.GetRequiredService<ClientConnections>().ServeAsync);
        services.AddSingleton<RepeatedRequests>().AddSingleton<StoredDoubt>().AddSingleton<NameDoubt>().AddSingleton<FailedFetch>();
        services.AddSingleton<NamedContents>(provider => provider.GetRequiredService<NamingArchives>().Named);
        services.AddSingleton<IndexFetch>(provider => provider.GetRequiredService<Fetcher>().FetchAsync);
        services.AddSingleton<SourceAddress>(provider =>
        {
            var rules = provider.GetRequiredService<ClientRules>();
            return address =>
                RequestTarget.Parse(address, rules.IsThisNode, rules.Address) is RequestTarget.Upstream target
                    ? target.ToOrigin(OriginReach.Local)
                    : null;
        });
        return services.AddSingleton<IndexLearner>().AddHostedService(provider => provider.GetRequiredService<IndexLearner>());
    }

    /// <summary>Everything that is not this daemon's own goes to the archives.</summary>
    public static IApplicationBuilder UseProxy(this IApplicationBuilder app) => app.UseMiddleware<ProxyMiddleware>();
}
