namespace AptP2P.Host.Links;

/// <summary>Registers this folder.</summary>
internal static class LinksServices
{
    public static IServiceCollection AddLinks(this IServiceCollection services) =>
        services
            .AddSingleton(_ => new MachineAddresses(NetworkReading.OfSystem))
            .AddSingleton<IMachineAddresses>(provider => provider.GetRequiredService<MachineAddresses>())
            .AddSingleton<NetworkEvents>(SystemEvents.Listen)
            .AddHostedService<NetworkWatch>();
}
