using System.Net;
using System.Net.Sockets;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Node;
using AptP2P.Dht.Kademlia.Queries;

namespace AptP2P.Dht.Kademlia.Transport;

/// <summary>
/// A node's sockets, one per family or one for both: hands what arrives to the node, and sends what it says. A datagram allocates nothing.
/// </summary>
internal sealed class UdpTransport : IDatagramSender, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly UdpPort? _v4;
    private readonly UdpPort? _v6;
    private readonly List<Task> _loops = [];

    private UdpTransport(UdpPort? v4, UdpPort? v6) => (_v4, _v6) = (v4, v6);

    /// <summary>Our IPv4 socket's own endpoint.</summary>
    public UdpEndpoint? V4 => _v4 is { Local.IsV6: true } both ? UdpEndpoint.From(IPAddress.Any, both.Local.Port) : _v4?.Local;

    /// <summary>Our IPv6 socket's own endpoint.</summary>
    public UdpEndpoint? V6 => _v6?.Local;

    /// <summary>The interfaces of link-local addresses that were met.</summary>
    public LinkScopes? Scopes => _v6?.Scopes;

    /// <summary>
    /// Binds a UDP port where the daemon listens: for <c>[::]</c> in both families, by a socket for each; else in the family of the
    /// address.
    /// </summary>
    /// <exception cref="SocketException">The port is taken, or the address is not ours.</exception>
    public static UdpTransport Bind(IPEndPoint endPoint)
    {
        if (endPoint.AddressFamily == AddressFamily.InterNetwork)
        {
            return new UdpTransport(UdpPort.Bind(endPoint), null);
        }

        if (!endPoint.Address.Equals(IPAddress.IPv6Any))
        {
            return new UdpTransport(null, UdpPort.Bind(endPoint));
        }

        var v4 = UdpPort.Bind(new IPEndPoint(IPAddress.Any, endPoint.Port));
        try
        {
            return new UdpTransport(v4, Socket.OSSupportsIPv6 ? UdpPort.Bind(new IPEndPoint(IPAddress.IPv6Any, v4.Local.Port)) : null);
        }
        catch (SocketException)
        {
            return new UdpTransport(v4, null); // a machine that has IPv6 in name only
        }
    }

    /// <summary>Uses sockets that are bound already, and does not close them.</summary>
    /// <exception cref="SocketException">They are of another kind.</exception>
    public static UdpTransport Use(IReadOnlyList<SafeSocketHandle> sockets)
    {
        UdpPort[] ports = [.. sockets.Select(UdpPort.Use)];
        return new UdpTransport(Array.Find(ports, port => port.TakesV4), Array.Find(ports, port => port.Local.IsV6));
    }

    public void Start(KademliaNode node)
    {
        foreach (var port in new[] { _v4, _v6 }.OfType<UdpPort>().Distinct())
        {
            _loops.Add(port.ReceiveAsync(node, _stop.Token));
        }
    }

    public void Send(ReadOnlySpan<byte> datagram, UdpEndpoint to) => (to.IsV6 ? _v6 : _v4)?.Send(datagram, to);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _v4?.Dispose();
        _v6?.Dispose();
        await Task.WhenAll(_loops);
        _stop.Dispose();
    }
}
