using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace AptP2P.Dht.Kademlia;

/// <summary>One UDP socket.</summary>
internal sealed class UdpPort : IDisposable
{
    private const int LargestAccepted = 4096; // honest answers over 1,024 bytes exist; the rest of a longer one is cut off and does not parse
    private const int KernelBuffer = 1 << 20; // a burst of some thousand datagrams while the process is held up

    private readonly Socket _socket;
    private readonly SocketAddress _destination;
    private bool _unread; // something may have come back that no receive has told of

    private UdpPort(Socket socket)
    {
        _socket = socket;
        _destination = new SocketAddress(socket.AddressFamily);
        Local = UdpEndpoint.From((IPEndPoint)socket.LocalEndPoint!);
    }

    public UdpEndpoint Local { get; }

    public long Unsent { get; private set; }

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

            socket.ReceiveBufferSize = KernelBuffer;
            socket.Bind(endPoint);
            ErrorQueue.Enable(socket);
            return new UdpPort(socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Called under the node's lock, so that there is only one destination at a time.</summary>
    public void Send(ReadOnlySpan<byte> datagram, UdpEndpoint to)
    {
        WriteTo(_destination, to, Scopes);
        if (!TrySend(datagram) && !TrySend(datagram)) // the first error may be that of an earlier datagram
        {
            Unsent++; // lost, as datagrams are
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

    // sockaddr_in: family, port, address. sockaddr_in6: family, port, flow, address, scope. Ports and addresses are big-endian, the scope is the machine's own.
    internal static void WriteTo(SocketAddress address, UdpEndpoint endpoint, LinkScopes scopes)
    {
        var bytes = address.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], endpoint.Port);
        endpoint.WriteAddress(bytes[(endpoint.IsV6 ? 8 : 4)..]);
        if (endpoint.IsV6)
        {
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

        var endpoint = UdpEndpoint.FromV6(BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]), port);
        scopes.Learn(endpoint, MemoryMarshal.Read<uint>(bytes[24..]));
        return endpoint;
    }
}
