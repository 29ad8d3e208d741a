using AptP2P.Host.Configuration;

namespace AptP2P.Host.Policy;

/// <summary>Registers this folder.</summary>
internal static class PolicyServices
{
    public static IServiceCollection AddPolicy(this IServiceCollection services, Settings settings)
    {
        settings.Section<PolicyOptions>("Policy");
        settings.Section<FewPeersOptions>("Policy");
        return services.AddSingleton<ISourcePolicy, FewPeersPolicy>().AddSingleton<PolicyChoice>();
    }
}
