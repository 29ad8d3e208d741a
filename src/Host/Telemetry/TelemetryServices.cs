using AptP2P.Host.Configuration;

namespace AptP2P.Host.Telemetry;

internal static class TelemetryServices
{
    /// <summary>To be called before other features, so that it stops after them and has their last numbers.</summary>
    public static IServiceCollection AddTelemetry(
        this IServiceCollection services, Settings settings, IConfiguration environment, string version)
    {
        settings.Section<MetricsOptions>("Metrics");
        services.AddSingleton<IStatusSection, MemoryStatus>().AddSingleton<LogTap>().AddSingleton<MetricsEndpoint>();
        return services
            .AddSingleton(provider => ActivatorUtilities.CreateInstance<TelemetryExport>(provider, environment, version))
            .AddHostedService(provider => provider.GetRequiredService<TelemetryExport>());
    }

    /// <summary>The path that Prometheus asks for.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder endpoints) => endpoints.MapGet(
        MetricsEndpoint.Path, static context => context.RequestServices.GetRequiredService<MetricsEndpoint>().AnswerAsync(context));
}
