using System.Diagnostics.Metrics;
using AptP2P.Host.Telemetry;

namespace AptP2P.Host.Proxy.Requests;

/// <summary>Counts requests that are refused whatever they ask for.</summary>
internal sealed class RefusalMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _refusals = meters.Create(HostMeter.Name).CreateCounter<long>(
        "aptp2p.proxy.refusals", "{request}", "Requests that were refused, by reason");

    /// <param name="reason">target, method, other_site, browser, loop, client or origin.</param>
    public void Refused(string reason) => _refusals.Add(1, new KeyValuePair<string, object?>("aptp2p.reason", reason));
}
