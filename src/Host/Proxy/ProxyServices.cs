using AptP2P.Host.Catalog.Archives;
using AptP2P.Host.Catalog.Refresh;
using AptP2P.Host.Catalog.Signatures;
using AptP2P.Host.Configuration;
using AptP2P.Host.Daemon;
using AptP2P.Host.Fetching;
using AptP2P.Host.Proxy.Accounting;
using AptP2P.Host.Proxy.Connections;
using AptP2P.Host.Proxy.Contents;
using AptP2P.Host.Proxy.Doubts;
using AptP2P.Host.Proxy.Indexes;
using AptP2P.Host.Proxy.Metadata;
using AptP2P.Host.Proxy.PassThrough;
using AptP2P.Host.Proxy.ReadAhead;
using AptP2P.Host.Proxy.Requests;
using AptP2P.Host.Proxy.Tunnels;
using AptP2P.Host.Storage.Space;

namespace AptP2P.Host.Proxy;

/// <summary>Registers this folder, and wires what must not know each other: the catalog, the fetcher and the store.</summary>
internal static class ProxyServices
{
    public static IServiceCollection AddProxy(this IServiceCollection services, Settings settings)
    {
        settings.Section<ClientOptions>("Proxy");
        settings.Section<ReadAheadOptions>("Proxy");
        settings.Section<TunnelOptions>("Proxy");
        settings.Section<IndexOptions>("Proxy");
        settings.Section<PassThroughOptions>("Proxy");
        services.AddSingleton<ConnectionMetrics>().AddSingleton<ConnectionGate>();
        services.AddSingleton<TunnelMetrics>().AddSingleton<TunnelServer>();
        services.AddSingleton<AheadOpener>();
        services.AddSingleton<ProxyConnections>()
            .AddSingleton<ConnectionStep>(provider => provider.GetRequiredService<ProxyConnections>().ServeAsync);
        services.AddSingleton<AnswerMetrics>().AddSingleton<AptRuns>().AddSingleton<IStatusSection, DownloadStatus>();
        services.AddSingleton<ClientRules>().AddSingleton<RefusalMetrics>();
        services.AddSingleton<Identification>().AddSingleton<IndexBacklog>();
        services.AddSingleton<IndexLearner>().AddHostedService(provider => provider.GetRequiredService<IndexLearner>());
        services.AddSingleton<ContentOpener>().AddSingleton<ContentSender>().AddSingleton<FailedFetch>();
        services.AddSingleton<RepeatedRequests>().AddSingleton<StoredDoubt>().AddSingleton<NameDoubt>();
        services.AddSingleton<ContentLane>();
        services.AddHttpForwarder().AddSingleton<Forwarder>().AddSingleton<PassThroughLane>();
        services.AddSingleton<MetadataQuestions>().AddSingleton<MetadataLane>();
        services.AddSingleton<NamedContents>(provider => provider.GetRequiredService<NamingArchives>().Named);
        services.AddSingleton<ContentKinds>(provider => provider.GetRequiredService<NamingArchives>().KindsOf);
        services.AddSingleton<IndexFetch>(provider => provider.GetRequiredService<Fetcher>().FetchAsync);
        services.AddSingleton<SourceAddress>(provider =>
        {
            var rules = provider.GetRequiredService<ClientRules>();
            return address =>
                RequestTarget.Parse(address, rules.IsThisNode, rules.Address) is RequestTarget.Upstream target
                    ? target.ToOrigin(OriginReach.Local)
                    : null;
        });
        return services;
    }

    /// <summary>Everything that is not this daemon's own goes to the archives.</summary>
    public static IApplicationBuilder UseProxy(this IApplicationBuilder app) => app.UseMiddleware<ProxyMiddleware>();
}
