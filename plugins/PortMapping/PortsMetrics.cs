using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;

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
            "aptp2p.port.attempts", "{attempt}", "Attempts to have a router pass the port, and renewals, by protocol and how they ended");
        _mapped = meter.CreateUpDownCounter<long>("aptp2p.port.mapped", "{port}", "Ports that routers pass to this node, TCP and UDP");
    }

    public void Attempted(string protocol, string outcome) => _attempts.Add(
        1,
        new KeyValuePair<string, object?>("aptp2p.protocol", protocol.ToLowerInvariant().Replace('-', '_')),
        new KeyValuePair<string, object?>("aptp2p.outcome", outcome));

    public void Mapped(PortMapping? before, PortMapping after)
    {
        var type = new KeyValuePair<string, object?>("network.type", after.Family == AddressFamily.InterNetwork ? "ipv4" : "ipv6");
        _mapped.Add(Count(after.Tcp) - Count(before?.Tcp), type, new KeyValuePair<string, object?>("network.transport", "tcp"));
        _mapped.Add(Count(after.Udp) - Count(before?.Udp), type, new KeyValuePair<string, object?>("network.transport", "udp"));
    }

    private static int Count(IPEndPoint? mapped) => mapped is null ? 0 : 1;
}
