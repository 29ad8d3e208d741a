using System.Diagnostics.Metrics;
using AptP2P.Host.Telemetry;

namespace AptP2P.Host.Proxy.Tunnels;

/// <summary>Counts tunnels.</summary>
internal sealed class TunnelMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _tunnels = meters.Create(HostMeter.Name)
        .CreateCounter<long>("aptp2p.proxy.tunnels", "{tunnel}", "CONNECT requests, by whether a tunnel was opened");

    public void Opened() => _tunnels.Add(1, new KeyValuePair<string, object?>("aptp2p.opened", true));

    public void Refused() => _tunnels.Add(1, new KeyValuePair<string, object?>("aptp2p.opened", false));
}
