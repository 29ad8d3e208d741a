using System.Net.Sockets;
using AptP2P.Ports.Gateways;

namespace AptP2P.Ports.NatPmp;

/// <summary>The NAT Port Mapping Protocol (RFC 6886), which has IPv4 only.</summary>
internal sealed class NatPmpProtocol(Question question, TimeProvider time) : IMappingProtocol
{
    public string Name => "NAT-PMP";

    public bool IsFor(AddressFamily family) => family == AddressFamily.InterNetwork;

    public async Task<IRouterDialog?> FindAsync(Gateway gateway, CancellationToken cancellationToken)
    {
        var dialog = new NatPmpDialog(gateway, question, time);
        return await dialog.IsThereAsync(cancellationToken) ? dialog : null;
    }
}
