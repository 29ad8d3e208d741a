using AptP2P.Host.Configuration;

namespace AptP2P.Host.Sharing;

/// <summary>Registers this folder.</summary>
internal static class SharingServices
{
    public static IServiceCollection AddSharing(this IServiceCollection services, Settings settings)
    {
        settings.Section<SharingOptions>("Sharing");
        return services.AddSingleton<ShareRules>().AddSingleton<ShareList>().AddSingleton<ISharedContents, SharedContents>()
            .AddSingleton<PeerStores>().AddHostedService<Announcer>().AddHostedService<FetchAnnouncer>();
    }
}
