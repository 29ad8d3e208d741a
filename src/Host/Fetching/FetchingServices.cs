using AptP2P.Host.Configuration;

namespace AptP2P.Host.Fetching;

/// <summary>Registers this folder.</summary>
internal static class FetchingServices
{
    public static IServiceCollection AddFetching(this IServiceCollection services, Settings settings)
    {
        settings.Section<FetchOptions>("Fetch");
        return services.AddSingleton<FetchMetrics>().AddSingleton<PeerRecord>().AddSingleton<WorkPlan>().AddSingleton<FetchServices>()
            .AddSingleton<Fetcher>().AddHostedService(provider => provider.GetRequiredService<Fetcher>());
    }
}
