using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Node;

namespace AptP2P.Dht.Kademlia.Transport;

/// <summary>One UDP socket.</summary>
internal sealed class UdpPort : IDisposable
{
    // there are honest answers of more than 1,024 bytes; a datagram longer than this is cut off, and then does not parse
    private const int LargestAccepted = 4096;
    private const int KernelBuffer = 1 << 20; // room for a burst of some thousand datagrams while the process is busy

    private readonly Socket _socket;
    private readonly SocketAddress _destination;
    private bool _unread; // a datagram may have come back, and no receive has reported it

    private UdpPort(Socket socket)
    {
        _socket = socket;
        _destination = new SocketAddress(socket.AddressFamily);
        Local = UdpEndpoint.From((IPEndPoint)socket.LocalEndPoint!);
    }

    public UdpEndpoint Local { get; }

    /// <summary>Whether IPv4 goes through it. It may be a socket for both families, with IPv4 in the mapped form.</summary>
    public bool TakesV4 =>
        !Local.IsV6
        || (_socket.DualMode && _socket.LocalEndPoint is IPEndPoint { Address: var address } && address.Equals(IPAddress.IPv6Any));

    /// <summary>The interfaces of link-local addresses that were met here.</summary>
    public LinkScopes Scopes { get; } = new();

    public static UdpPort Bind(IPEndPoint endPoint)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }

            socket.Bind(endPoint);
            return Prepare(socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Uses a socket that is bound already. It stays open when this is disposed, if the handle does not own it.</summary>
    public static UdpPort Use(SafeSocketHandle handle) => Prepare(new Socket(handle));

    /// <summary>Called under the node's lock: so one destination object is enough.</summary>
    public void Send(ReadOnlySpan<byte> datagram, UdpEndpoint to)
    {
        WriteTo(_destination, to, Scopes);
        if (!TrySend(datagram)) // the error may be of an earlier datagram
        {
            TrySend(datagram); // if this fails too, the datagram is lost, as datagrams are
        }
    }

    public async Task ReceiveAsync(KademliaNode node, CancellationToken cancellationToken)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(LargestAccepted, pinned: true);
        var source = new SocketAddress(_socket.AddressFamily);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var length = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, source, cancellationToken);
                node.Receive(buffer.AsSpan(0, length), Read(source, Scopes));
            }
            catch (SocketException)
            {
                _unread = true; // an ICMP error of an earlier datagram, or one that did not fit
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }

            if (_unread)
            {
                _unread = false;
                ReadErrors(node, buffer, source);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private static UdpPort Prepare(Socket socket)
    {
        socket.ReceiveBufferSize = KernelBuffer;
        ErrorQueue.Enable(socket);
        return new UdpPort(socket);
    }

    private bool TrySend(ReadOnlySpan<byte> datagram)
    {
        try
        {
            _socket.SendTo(datagram, SocketFlags.None, _destination);
            return true;
        }
        catch (SocketException)
        {
            _unread = true;
            return false;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    private void ReadErrors(KademliaNode node, Span<byte> buffer, SocketAddress to)
    {
        for (int length; (length = ErrorQueue.TryRead(_socket, to.Buffer.Span, buffer)) >= 0;)
        {
            node.Unreachable(buffer[..length], Read(to, Scopes));
        }
    }

    // sockaddr_in: family, port, address. sockaddr_in6: family, port, flow, address, scope. Ports and addresses are big-endian, the scope
    // is in the machine's own order.
    internal static void WriteTo(SocketAddress address, UdpEndpoint endpoint, LinkScopes scopes)
    {
        var bytes = address.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], endpoint.Port);
        if (address.Family == AddressFamily.InterNetwork)
        {
            endpoint.WriteAddress(bytes[4..]);
        }
        else
        {
            endpoint.WriteMapped(bytes[8..]);
            MemoryMarshal.Write(bytes[24..], scopes.Of(endpoint));
        }
    }

    internal static UdpEndpoint Read(SocketAddress address, LinkScopes scopes)
    {
        var bytes = address.Buffer.Span;
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (address.Family == AddressFamily.InterNetwork)
        {
            return UdpEndpoint.FromV4(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), port);
        }

        var endpoint = UdpEndpoint.FromV6(
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]), port);
        scopes.Learn(endpoint, MemoryMarshal.Read<uint>(bytes[24..]));
        return endpoint;
    }
}
