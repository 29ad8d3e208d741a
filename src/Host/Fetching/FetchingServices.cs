using AptP2P.Host.Configuration;
using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Channels;
using AptP2P.Host.Fetching.Crowd;

namespace AptP2P.Host.Fetching;

/// <summary>Registers this folder.</summary>
internal static class FetchingServices
{
    public static IServiceCollection AddFetching(this IServiceCollection services, Settings settings)
    {
        settings.Section<FetchOptions>("Fetch");
        settings.Section<ChannelOptions>("Fetch");
        settings.Section<WorkOptions>("Fetch");
        settings.Section<CrowdOptions>("Fetch");
        return services.AddSingleton<FetchMetrics>().AddSingleton<PeerRecord>().AddSingleton<Speeds>().AddSingleton<WorkPlan>()
            .AddSingleton<ChannelEnvironment>().AddSingleton<FetchEnvironment>().AddSingleton<Fetcher>()
            .AddHostedService(provider => provider.GetRequiredService<Fetcher>());
    }
}
