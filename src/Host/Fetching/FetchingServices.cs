using AptP2P.Host.Configuration;
using AptP2P.Host.Fetching.Blocks;
using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching;

/// <summary>Registers this folder.</summary>
internal static class FetchingServices
{
    public static IServiceCollection AddFetching(this IServiceCollection services, Settings settings)
    {
        settings.Section<FetchOptions>("Fetch");
        return services.AddSingleton<FetchMetrics>().AddSingleton<PeerRecord>().AddSingleton<WorkPlan>().AddSingleton<FetchEnvironment>()
            .AddSingleton<Fetcher>().AddHostedService(provider => provider.GetRequiredService<Fetcher>());
    }
}
