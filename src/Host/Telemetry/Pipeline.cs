using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AptP2P.Host.Telemetry;

/// <summary>OpenTelemetry's SDK at work. Only here are types of it named, so that none is loaded where nothing is sent.</summary>
internal sealed class Pipeline : IDisposable
{
    private readonly ExportSettings _settings;
    private readonly IConfiguration _environment;
    private readonly OpenTelemetrySdk _sdk;

    public Pipeline(ExportSettings settings, IConfiguration environment, string version)
    {
        (_settings, _environment) = (settings, environment);
        _sdk = OpenTelemetrySdk.Create(sdk => Configure(sdk, version));
    }

    /// <summary>Who takes lines of the log, if they are sent.</summary>
    public ILoggerFactory? Log => _settings.LogsTo is null ? null : _sdk.GetLoggerFactory();

    /// <summary>What gives Prometheus the metrics.</summary>
    public RequestDelegate Scrape(IServiceProvider services) => new ApplicationBuilder(services)
        .UseOpenTelemetryPrometheusScrapingEndpoint(_sdk.MeterProvider, static _ => true, null, null, null).Build();

    /// <summary>Sends the last of it, as long as the collectors and their timeout let that take.</summary>
    public void Dispose() => _sdk.Dispose();

    private void Configure(IOpenTelemetryBuilder sdk, string version)
    {
        sdk.Services.AddSingleton(_environment);
        sdk.ConfigureResource(resource => resource.AddService("apt-p2p", serviceVersion: version).AddEnvironmentVariableDetector());
        if (_settings.MetricsTo is not null || _settings.Prometheus)
        {
            sdk.WithMetrics(metrics =>
            {
                metrics.AddMeter(MetricViews.Meters).AddView(MetricViews.Of);
                _ = _settings.MetricsTo is null ? metrics : metrics.AddOtlpExporter();
                _ = _settings.Prometheus ? metrics.AddPrometheusExporter() : metrics;
            });
        }

        if (_settings.TracesTo is not null)
        {
            sdk.WithTracing(traces =>
            {
                traces.AddSource(Tracing.Name).AddOtlpExporter();
                _ = _settings.HasSampler
                    ? traces
                    : traces.SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(_settings.SampledPart)));
            });
        }

        if (_settings.LogsTo is not null)
        {
            sdk.WithLogging(logs => logs.AddOtlpExporter());
            sdk.Services.Configure<LoggerFilterOptions>(filter => filter.MinLevel = LogLevel.Trace); // they have passed [Host] Log
        }
    }
}
