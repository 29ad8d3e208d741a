using AptP2P.Host.Catalog.Archives;
using AptP2P.Host.Catalog.Database;
using AptP2P.Host.Catalog.Identifying;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Catalog.Metadata;
using AptP2P.Host.Catalog.Refresh;
using AptP2P.Host.Catalog.Signatures;
using AptP2P.Host.Configuration;

namespace AptP2P.Host.Catalog;

/// <summary>Registers this folder.</summary>
internal static class CatalogServices
{
    /// <param name="services">Must also get an <see cref="IndexFetch"/>.</param>
    /// <param name="settings">Where its section is.</param>
    /// <param name="stateFolder">Where catalog.db and metadata/ are.</param>
    public static IServiceCollection AddCatalog(this IServiceCollection services, Settings settings, string stateFolder)
    {
        settings.Section<CatalogOptions>(CatalogOptions.Section);
        settings.Section<SignatureOptions>(CatalogOptions.Section);
        services.AddSingleton(provider => new CatalogDatabase(stateFolder, provider.GetRequiredService<ILogger<CatalogDatabase>>()));
        services.AddSingleton(provider => new MetadataCopies(stateFolder, provider.GetRequiredService<ILogger<MetadataCopies>>()));
        services
            .AddSingleton<CatalogReader>()
            .AddSingleton<NamingArchives>()
            .AddSingleton<TrustedArchives>()
            .AddSingleton<UnprovenFiles>()
            .AddSingleton<CatalogWriter>()
            .AddSingleton<CatalogMetrics>()
            .AddSingleton<IStatusSection, CatalogStatus>();
        services.AddSingleton<ContentOrigins>().AddSingleton<ArchiveCatalog>();
        services.AddSingleton<Keyrings>().AddSingleton<MetadataKeeping>().AddSingleton<ReleaseOrigins>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<SignatureChecks>(provider, stateFolder));
        services.AddSingleton<CatalogRefresh>().AddHostedService(provider => provider.GetRequiredService<CatalogRefresh>());
        services.AddSingleton<AptLists>().AddHostedService(provider => provider.GetRequiredService<AptLists>());
        services.AddSingleton<ContentTimes>().AddHostedService(provider => provider.GetRequiredService<ContentTimes>());
        services.AddSingleton<PublicArchives>().AddHostedService(provider => provider.GetRequiredService<PublicArchives>());
        services.AddHostedService<CatalogPruning>();
        return services;
    }
}
