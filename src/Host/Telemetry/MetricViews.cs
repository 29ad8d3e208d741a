using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace AptP2P.Host.Telemetry;

/// <summary>What of the measures is told, and in which buckets.</summary>
internal static class MetricViews
{
    /// <summary>
    /// The meters of .NET, and the attributes of theirs that are told. They know whom this node speaks with: none of those below names a
    /// peer, a client or a mirror, and all have few values. What comes new in a later .NET is left out until it is listed here.
    /// </summary>
    private static readonly Dictionary<string, string[]> Foreign = new()
    {
        ["Microsoft.AspNetCore.Server.Kestrel"] = ["network.transport", "network.type", "error.type"],
        ["Microsoft.AspNetCore.Hosting"] = ["http.request.method", "http.response.status_code", "http.route", "url.scheme", "error.type"],
        ["System.Net.Http"] =
        [
            "http.request.method", "http.response.status_code", "http.connection.state", "network.protocol.version", "url.scheme",
            "error.type",
        ],
        ["System.Runtime"] =
        [
            "gc.heap.generation", "dotnet.gc.heap.generation", "cpu.mode", "error.type",
        ],
    };

    // For a plugin's histogram of seconds that gives no advice of its own: the SDK's defaults are meant for milliseconds.
    private static readonly double[] Seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    /// <summary>Host's and plugins', and .NET's.</summary>
    public static string[] Meters => ["AptP2P.*", .. Foreign.Keys];

    public static MetricStreamConfiguration? Of(Instrument instrument) =>
        Foreign.TryGetValue(instrument.Meter.Name, out var told) ? new MetricStreamConfiguration { TagKeys = told }
        : instrument is Histogram<double> { Advice: null, Unit: "s" } ? new ExplicitBucketHistogramConfiguration { Boundaries = Seconds }
        : null;
}
