namespace AptP2P.Host.Telemetry;

internal static class TelemetryServices
{
    /// <summary>To be called before other features, so that it stops after them and has their last numbers.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration environment, string version) =>
        services.AddSingleton<IStatusSection, MemoryStatus>()
            .AddHostedService(provider => ActivatorUtilities.CreateInstance<MetricsExport>(provider, environment, version));
}
