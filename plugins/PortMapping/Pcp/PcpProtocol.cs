using System.Net.Sockets;
using AptP2P.Ports.Gateways;

namespace AptP2P.Ports.Pcp;

/// <summary>The Port Control Protocol (RFC 6887): IPv4 mappings, and pinholes for IPv6.</summary>
internal sealed class PcpProtocol(Question question, NonceKey key, TimeProvider time, Random random) : IMappingProtocol
{
    public string Name => "PCP";

    public bool IsFor(AddressFamily family) => true;

    public async Task<IRouterDialog?> FindAsync(Gateway gateway, CancellationToken cancellationToken)
    {
        var dialog = new PcpDialog(gateway, question, key, time, random);
        return await dialog.IsThereAsync(cancellationToken) ? dialog : null;
    }
}
