using System.ComponentModel;
using System.Net;

namespace AptP2P.Host.Telemetry;

/// <summary>What section <c>[Metrics]</c> says.</summary>
internal sealed class MetricsOptions
{
    [Description(
        "Networks that may read /p2p/metrics, where OTEL_METRICS_EXPORTER has prometheus in it. This machine only, as with the status.")]
    public IPNetwork[] Allow { get; set; } = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")];
}
