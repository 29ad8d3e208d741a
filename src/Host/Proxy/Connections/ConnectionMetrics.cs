using System.Diagnostics.Metrics;
using AptP2P.Host.Telemetry;

namespace AptP2P.Host.Proxy.Connections;

/// <summary>Counts connections that limits ended.</summary>
internal sealed class ConnectionMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _closed = meters.Create(HostMeter.Name).CreateCounter<long>(
        "aptp2p.proxy.connections_closed", "{connection}",
        "Connections refused, or closed for others' sake, by the limit: address, strangers, all, silent");

    /// <summary>A connection was refused, or closed for others' sake.</summary>
    public void Closed(string limit) => _closed.Add(1, new KeyValuePair<string, object?>("aptp2p.limit", limit));
}
