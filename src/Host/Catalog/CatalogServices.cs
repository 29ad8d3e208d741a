using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AptP2P.Host.Catalog;

/// <summary>Registers this folder.</summary>
internal static class CatalogServices
{
    public static IServiceCollection AddCatalog(this IServiceCollection services, string stateFolder)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new CatalogDatabase(stateFolder, provider.GetRequiredService<ILogger<CatalogDatabase>>()));
        services.AddSingleton<CatalogReader>().AddSingleton<CatalogWriter>().AddSingleton<CatalogMetrics>().AddSingleton<ArchiveCatalog>();
        return services;
    }
}
