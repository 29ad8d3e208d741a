using System.Net;
using AptP2P.Host.Configuration;
using AptP2P.Host.Daemon;
using AptP2P.Host.Origins.Connecting;
using AptP2P.Host.Origins.Http;
using AptP2P.Host.Origins.Mirrors;

namespace AptP2P.Host.Origins;

/// <summary>Registers this folder.</summary>
internal static class OriginsServices
{
    public static IServiceCollection AddOrigins(this IServiceCollection services, Settings settings, NodeOptions node)
    {
        var options = settings.Section<FailoverOptions>("Origins");
        settings.Problems.AddRange(options.Mirrors.SelectMany(group => group.Roots).Where(root => IsThisNode(root, node))
            .Select(root => $"[Origins] Mirrors: {root} is this daemon itself, which would ask itself in a circle"));
        settings.Section<ConnectingOptions>("Origins");
        settings.Section<RedirectOptions>("Origins");
        settings.Section<UpstreamOptions>("Proxy");
        services.AddSingleton<NameLookup>(NameCache.SystemLookupAsync).AddSingleton<NameCache>();
        services.AddSingleton<AddressDial>(AddressRace.DialAsync).AddSingleton<DeadAddresses>().AddSingleton<AddressRace>();
        services.AddSingleton<OriginConnector>().AddSingleton<IOriginConnector>(provider => provider.GetRequiredService<OriginConnector>());
        services
            .AddSingleton<ViaMark>()
            .AddSingleton<ReleaseMirrors>()
            .AddSingleton<ConnectionPools>()
            .AddSingleton<IOriginClient, OriginClient>();
        services.AddHostedService<NewNetwork>();
        services.AddSingleton<MirrorClock>();
        return services.AddSingleton<OriginHealth>().AddSingleton<OutageLog>().AddSingleton<MirrorList>().AddSingleton<FailoverClient>();
    }

    private static bool IsThisNode(ArchiveRoot root, NodeOptions node) =>
        root.Port == node.Port
        && (IPAddress.TryParse(root.Host.Trim('[', ']'), out var address)
            ? IPAddress.IsLoopback(address) || address.Equals(node.Bind)
            : root.Host == "localhost" || root.Host.Equals(Dns.GetHostName(), StringComparison.OrdinalIgnoreCase));
}
