using AptP2P.Host.Configuration;

namespace AptP2P.Host.Storage;

/// <summary>Registers this folder. A plugin that registers a store of its own replaces it.</summary>
internal static class StorageServices
{
    public static IServiceCollection AddStorage(this IServiceCollection services, Settings settings, string stateFolder)
    {
        settings.Section<StoreOptions>("Store");
        return services.AddSingleton(_ => new StorePaths(stateFolder)).AddSingleton<IContentStore, FileContentStore>();
    }
}
