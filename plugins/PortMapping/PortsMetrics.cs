using System.Diagnostics.Metrics;

namespace AptP2P.Ports;

internal sealed class PortsMetrics
{
    public const string Meter = "AptP2P.Ports";

    private readonly Counter<long> _attempts;
    private readonly UpDownCounter<long> _mapped;

    public PortsMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(Meter);
        _attempts = meter.CreateCounter<long>(
            "aptp2p.ports.attempts", "{attempt}", "Attempts to have a router pass the port, and renewals, by protocol and how they ended");
        _mapped = meter.CreateUpDownCounter<long>("aptp2p.ports.mapped", "{port}", "Ports that routers pass to this node, TCP and UDP");
    }

    public void Attempted(string protocol, string outcome) => _attempts.Add(
        1, new KeyValuePair<string, object?>("protocol", protocol), new KeyValuePair<string, object?>("outcome", outcome));

    public void Mapped(PortMapping? before, PortMapping after) => _mapped.Add(
        Count(after) - Count(before), new KeyValuePair<string, object?>("family", after.Family.ToString()));

    private static int Count(PortMapping? mapping) => (mapping?.Tcp is null ? 0 : 1) + (mapping?.Udp is null ? 0 : 1);
}
