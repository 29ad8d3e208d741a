using System.Net;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Telemetry;

/// <summary>
/// <c>GET /p2p/metrics</c> in Prometheus' format, where <c>OTEL_METRICS_EXPORTER</c> asks for it. What holds for the daemon's own paths
/// holds for it: the name in Host is one of this node's, and no page of another site may ask.
/// </summary>
internal sealed class MetricsEndpoint(TelemetryExport export, IOptions<MetricsOptions> options, IServiceProvider services)
{
    public const string Path = "/p2p/metrics";

    private RequestDelegate? _scrape;

    public async Task AnswerAsync(HttpContext context)
    {
        if (export.Fetched is not { } metrics)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await context.Response.WriteAsync(
                "This node has no metrics to fetch. OTEL_METRICS_EXPORTER=prometheus in its environment makes them.\n");
        }
        else if (!IsAllowed(context.Connection.RemoteIpAddress))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync(
                $"The metrics are not for {context.Connection.RemoteIpAddress}. Whoever runs this node can add it to [Metrics] Allow.\n");
        }
        else
        {
            await (_scrape ??= metrics.Scrape(services))(context);
        }
    }

    private bool IsAllowed(IPAddress? address) =>
        address?.Plain() is { } plain && options.Value.Allow.Any(network => network.Contains(plain));
}
