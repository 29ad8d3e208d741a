using AptP2P.Stats.Live;
using AptP2P.Stats.Page;
using AptP2P.Stats.Sections;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

[assembly: AptP2P.Plugin(typeof(AptP2P.Stats.StatsPlugin))]

namespace AptP2P.Stats;

/// <summary>The status page and its JSON, made from every <see cref="IStatusSection"/> that host and plugins registered.</summary>
public sealed class StatsPlugin : IEndpointPlugin
{
    public string Name => "Stats";

    public Type? OptionsType => typeof(StatsOptions);

    public void ConfigureServices(IServiceCollection services, PluginContext context) =>
        services
            .AddSingleton(provider => ActivatorUtilities.CreateInstance<StatusReader>(
                provider, provider.GetRequiredService<IOptions<StatsOptions>>().Value.SectionTime))
            .AddSingleton(context)
            .AddSingleton<PageParts>()
            .AddSingleton<LivePage>()
            .AddSingleton<PageStream>()
            .AddSingleton<StatusEndpoints>();

    public void MapEndpoints(IEndpointRouteBuilder endpoints) =>
        endpoints.ServiceProvider.GetRequiredService<StatusEndpoints>().Map(endpoints);
}
