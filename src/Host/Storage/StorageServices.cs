using AptP2P.Host.Configuration;
using AptP2P.Host.Storage.Checking;
using AptP2P.Host.Storage.Files;
using AptP2P.Host.Storage.Space;

namespace AptP2P.Host.Storage;

/// <summary>Registers this folder. A plugin that registers a store of its own replaces it.</summary>
internal static class StorageServices
{
    /// <param name="services">Must also get <see cref="NamedContents"/> and <see cref="ContentKinds"/>.</param>
    /// <param name="settings">Where its section is.</param>
    /// <param name="stateFolder">Where it keeps its files.</param>
    public static IServiceCollection AddStorage(this IServiceCollection services, Settings settings, string stateFolder)
    {
        settings.Section<QuotaOptions>("Store");
        settings.Section<ScrubOptions>("Store");
        settings.Section<StoreCallOptions>("Store");
        services.AddSingleton(_ => new StorePaths(stateFolder)).AddSingleton<IContentStore, FileContentStore>();
        services.AddSingleton<FreeSpace>(_ => () => new DriveInfo(stateFolder).AvailableFreeSpace);
        services.AddHostedService<StoreUpkeep>().AddHostedService<StoreScrub>().AddHostedService<StoreMetrics>();
        return services.AddSingleton<StoreCheck>().AddSingleton<IStatusSection, StoreStatus>();
    }

    /// <summary>Puts a guard before the store that a plugin has registered, if one has. Called when all have.</summary>
    public static IServiceCollection GuardStore(this IServiceCollection services)
    {
        var chosen = services.Last(service => service.ServiceType == typeof(IContentStore));
        if (chosen.ImplementationType == typeof(FileContentStore))
        {
            return services;
        }

        object Make(IServiceProvider provider) =>
            chosen.ImplementationInstance
            ?? chosen.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, chosen.ImplementationType!);
        return services.AddSingleton<IContentStore>(provider =>
            ActivatorUtilities.CreateInstance<GuardedStore>(provider, (IContentStore)Make(provider)));
    }
}
