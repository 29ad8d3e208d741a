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

    private static readonly string[] Meters =
    [
        "AptP2P.*", // host's and plugins'
        "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.AspNetCore.Hosting",
        "System.Net.Http",
        "System.Runtime",
    ];

    // For histograms that give no advice of their own: the SDK's defaults are meant for milliseconds.
    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
    private static readonly double[] Bytes =
    [
        1 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20, 64 << 20, 256 << 20, 1 << 30,
    ];

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
                sdk.WithMetrics(metrics => metrics.AddMeter(Meters).AddView(Boundaries).AddOtlpExporter());
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

    private static MetricStreamConfiguration? Boundaries(System.Diagnostics.Metrics.Instrument instrument) =>
        instrument switch
        {
            System.Diagnostics.Metrics.Histogram<double> { Advice: null, Unit: "s" } => new ExplicitBucketHistogramConfiguration
            {
                Boundaries = Seconds,
            },
            System.Diagnostics.Metrics.Histogram<long> { Advice: null, Unit: "By" } => new ExplicitBucketHistogramConfiguration
            {
                Boundaries = Bytes,
            },
            _ => null,
        };

    [LoggerMessage(1600, LogLevel.Information, "Metrics are sent to {Endpoint}")]
    private static partial void LogExporting(ILogger logger, string endpoint);
}
