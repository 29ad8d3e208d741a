using AptP2P.Host.Configuration;
using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Sharing;

/// <summary>Registers this folder.</summary>
internal static class SharingServices
{
    public static IServiceCollection AddSharing(this IServiceCollection services, Settings settings)
    {
        settings.Section<SharingOptions>("Sharing");
        return services
            .AddSingleton<ShareRules>()
            .AddSingleton<WithheldArchives>()
            .AddSingleton<IStatusSection, SharingStatus>()
            .AddSingleton<IStatusSection, ArchivesStatus>()
            .AddSingleton<ShareList>()
            .AddSingleton<SharedBytes>()
            .AddSingleton<ISharedContents, SharedContents>()
            .AddSingleton<PeerConsent>(provider => provider.GetRequiredService<ShareList>().MayAskPeers)
            .AddSingleton<PeerStores>().AddHostedService<Announcer>().AddHostedService<FetchAnnouncer>();
    }
}
