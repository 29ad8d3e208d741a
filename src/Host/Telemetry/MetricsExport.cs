using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace AptP2P.Host.Telemetry;

/// <summary>
/// Sends the metrics by OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says, with the last ones at the stop; all <c>OTEL_*</c> variables
/// count (docs/metrics.md). Without an endpoint nothing is measured for it.
/// </summary>
internal sealed partial class MetricsExport(IConfiguration environment, string version, ILogger<MetricsExport> logger)
    : IHostedService,
        IDisposable
{
    private static readonly string[] Endpoints = ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

    private OpenTelemetrySdk? _sdk;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (Endpoints.Select(name => environment[name]).FirstOrDefault(value => !string.IsNullOrEmpty(value)) is { } endpoint
            && environment["OTEL_METRICS_EXPORTER"] != "none")
        {
            _sdk = OpenTelemetrySdk.Create(sdk =>
            {
                sdk.Services.AddSingleton(environment);
                sdk.ConfigureResource(resource => resource.AddService("apt-p2p", serviceVersion: version).AddEnvironmentVariableDetector());
                sdk.WithMetrics(metrics => metrics.AddMeter(MetricViews.Meters).AddView(MetricViews.Of).AddOtlpExporter());
            });
            LogExporting(logger, endpoint);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose(); // flushes
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _sdk?.Dispose();
        _sdk = null;
    }

    [LoggerMessage(1600, LogLevel.Information, "Metrics are sent to {Endpoint}")]
    private static partial void LogExporting(ILogger logger, string endpoint);
}
