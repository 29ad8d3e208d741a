using AptP2P.Host.Fetching.Channels;
using AptP2P.Host.Proxy.Accounting;
using AptP2P.Host.Proxy.Answers;
using AptP2P.Host.Sharing;

namespace AptP2P.Host.Traffic;

/// <summary>Registers this folder, and says which counters it looks at.</summary>
internal static class TrafficServices
{
    /// <param name="services">Also have what counts: the proxy, fetching and sharing.</param>
    /// <param name="stateFolder">Where traffic.db is.</param>
    public static IServiceCollection AddTraffic(this IServiceCollection services, string stateFolder) =>
        services
            .AddSingleton<TrafficReading>(provider =>
            {
                var (answers, fetches) = (provider.GetRequiredService<AnswerMetrics>(), provider.GetRequiredService<FetchMetrics>());
                var shared = provider.GetRequiredService<SharedBytes>();
                return () => new TrafficCount(
                    Store: answers.BytesFrom(ServedFrom.Hit) + answers.BytesFrom(ServedFrom.Stale) + fetches.LocalBytes,
                    Peers: fetches.PeerBytes,
                    Mirror: fetches.OriginBytes + answers.BytesFrom(ServedFrom.Miss), Sent: shared.Sent);
            })
            .AddSingleton<TrafficHistory>()
            .AddSingleton(provider => new TrafficDatabase(stateFolder, provider.GetRequiredService<ILogger<TrafficDatabase>>()))
            .AddHostedService<TrafficKeeper>()
            .AddSingleton<IStatusSection, TrafficStatus>();
}
