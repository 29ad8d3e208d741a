using AptP2P.Host.Catalog.Archives;
using AptP2P.Host.Catalog.Database;
using AptP2P.Host.Catalog.Identifying;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Catalog.Metadata;
using AptP2P.Host.Catalog.Refresh;
using AptP2P.Host.Catalog.Signatures;
using AptP2P.Host.Catalog.Suites;
using AptP2P.Host.Configuration;

namespace AptP2P.Host.Catalog;

/// <summary>Registers this folder.</summary>
internal static class CatalogServices
{
    private const string Section = "Catalog";

    /// <param name="services">Must also get an <see cref="IndexFetch"/> and a <see cref="SourceAddress"/>.</param>
    /// <param name="settings">Where its section is.</param>
    /// <param name="stateFolder">Where catalog.db and metadata/ are.</param>
    public static IServiceCollection AddCatalog(this IServiceCollection services, Settings settings, string stateFolder)
    {
        settings.Section<AptListsOptions>(Section);
        settings.Section<RefreshOptions>(Section);
        settings.Section<PruningOptions>(Section);
        settings.Section<SignatureOptions>(Section);
        services.AddSingleton(provider => new CatalogDatabase(stateFolder, provider.GetRequiredService<ILogger<CatalogDatabase>>()));
        services.AddSingleton<CatalogReader>().AddSingleton<CatalogWriter>().AddSingleton<CatalogQuota>();
        services.AddSingleton<KnownSuites>().AddSingleton<KnownIndexes>().AddSingleton<KnownFiles>();
        services
            .AddSingleton<ContentOrigins>()
            .AddSingleton<ContentTimes>()
            .AddSingleton<IdentifyingMetrics>()
            .AddSingleton<ArchiveCatalog>();
        services
            .AddSingleton<ReleaseWriter>()
            .AddSingleton<IndexWriter>()
            .AddSingleton<UnprovenFiles>()
            .AddSingleton<LearningMetrics>()
            .AddSingleton<CatalogLearning>();
        services.AddSingleton<NamingArchives>().AddSingleton<TrustedArchives>().AddSingleton<PublicArchives>();
        services.AddSingleton<Keyrings>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<SignatureChecks>(provider, stateFolder));
        services.AddSingleton(provider => new MetadataCopies(stateFolder, provider.GetRequiredService<ILogger<MetadataCopies>>()));
        services.AddSingleton<HeldBackReleases>().AddSingleton<MetadataKeeping>().AddSingleton<ReleaseOrigins>();
        services.AddSingleton<AptLists>().AddSingleton<SuiteRefresh>().AddSingleton<CatalogRefresh>();
        services
            .AddHostedService(provider => provider.GetRequiredService<CatalogRefresh>())
            .AddHostedService(provider => provider.GetRequiredService<AptLists>())
            .AddHostedService(provider => provider.GetRequiredService<ContentTimes>())
            .AddHostedService(provider => provider.GetRequiredService<PublicArchives>())
            .AddHostedService<CatalogPruning>();
        return services.AddSingleton<IStatusSection, CatalogStatus>();
    }
}
