using System.Diagnostics.Metrics;
using AptP2P.Host.Telemetry;

namespace AptP2P.Host.Catalog.Identifying;

/// <summary>How often the catalog knew.</summary>
internal sealed class IdentifyingMetrics
{
    private readonly Counter<long> _identified;
    private long _knownRequests, _unknownRequests;

    public IdentifyingMetrics(IMeterFactory meters) =>
        _identified = meters.Create(HostMeter.Name).CreateCounter<long>(
            "aptp2p.catalog.requests", "{request}", "Requests whose SHA-256 the catalog was asked for, by whether it knew");

    public long KnownRequests => Interlocked.Read(ref _knownRequests);

    public long UnknownRequests => Interlocked.Read(ref _unknownRequests);

    public void Identified(bool known)
    {
        Interlocked.Increment(ref known ? ref _knownRequests : ref _unknownRequests);
        _identified.Add(1, new KeyValuePair<string, object?>("aptp2p.known", known));
    }
}
