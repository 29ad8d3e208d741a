using System.Net;
using System.Net.Sockets;
using AptP2P.Neighbours.Lan.Datagrams;
using AptP2P.Neighbours.Lan.Links;

namespace AptP2P.Neighbours.Lan.Sockets;

/// <summary>
/// A socket for one group on all links. One for each link would get everything as often as there are links: a membership is the machine's.
/// </summary>
internal sealed class GroupSocket : IDisposable
{
    /// <summary>
    /// Datagrams taken from the socket in a second, of whatever swarm: a LAN of BitTorrent clients has some. A flood of more stays in the
    /// kernel, which drops what has no room there.
    /// </summary>
    private const int MaxPerSecond = 200;

    private const int KernelBuffer = 64 << 10;

    private static readonly TimeSpan AfterAnError = TimeSpan.FromSeconds(1);

    private readonly Socket _socket;
    private readonly IPAddress _group;
    private readonly HashSet<int> _joined = [];

    private GroupSocket(Socket socket, IPAddress group) => (_socket, _group) = (socket, group);

    private bool IsV6 => _group.AddressFamily == AddressFamily.InterNetworkV6;

    /// <exception cref="SocketException">The family is not there, or a program has the port that does not share it.</exception>
    public static GroupSocket Bind(IPEndPoint group)
    {
        var socket = Open(group.AddressFamily);
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.SetSocketOption(LevelOf(group.Address), SocketOptionName.PacketInformation, true);
            socket.ReceiveBufferSize = KernelBuffer;
            socket.Bind(new IPEndPoint(AnyOf(group.Address), group.Port));
            return new GroupSocket(socket, group.Address);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a datagram, which no router passes on.</summary>
    /// <exception cref="SocketException">It cannot go there now.</exception>
    public static void Send(int link, IPAddress source, IPEndPoint group, byte[] datagram)
    {
        using var socket = Open(group.AddressFamily);
        var isV4 = group.AddressFamily == AddressFamily.InterNetwork;
        var level = LevelOf(group.Address);
        socket.SetSocketOption(level, SocketOptionName.MulticastInterface, isV4 ? IPAddress.HostToNetworkOrder(link) : link);
        socket.SetSocketOption(level, SocketOptionName.MulticastTimeToLive, 1);
        socket.Bind(new IPEndPoint(source, 0));
        socket.SendTo(datagram, group);
    }

    /// <exception cref="SocketException">The link has gone, or has no such family.</exception>
    public void Join(int link)
    {
        try
        {
            Membership(SocketOptionName.AddMembership, link);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            // joined before; asked for again, since an interface that was made anew may have an old one's number
        }

        _joined.Add(link);
    }

    public void LeaveAllBut(Link[] links)
    {
        foreach (var link in _joined.Except(links.Select(link => link.Index)).ToArray())
        {
            _joined.Remove(link);
            try
            {
                Membership(SocketOptionName.DropMembership, link);
            }
            catch (SocketException)
            {
                // the membership went with its interface
            }
        }
    }

    public async Task ReceiveAsync(Action<Arrival> receive, TimeProvider time, CancellationToken cancellationToken)
    {
        var buffer = new byte[LanMessage.MaxLength + 1]; // one that is longer is seen to be
        var from = new IPEndPoint(AnyOf(_group), 0);
        var pace = new SecondWindow(MaxPerSecond, time);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (!pace.TryTake())
                {
                    await Task.Delay(pace.Rest, time, cancellationToken);
                }

                var got = await _socket.ReceiveMessageFromAsync(buffer, SocketFlags.None, from, cancellationToken);
                var to = got.PacketInformation;
                if (to.Address.Equals(_group)) // what is sent to us alone may have crossed routers
                {
                    receive(new Arrival(to.Interface, ((IPEndPoint)got.RemoteEndPoint).Address, buffer.AsMemory(0, got.ReceivedBytes)));
                }
            }
            catch (SocketException) when (!cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(AfterAnError, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private static Socket Open(AddressFamily family)
    {
        var socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
        if (family == AddressFamily.InterNetworkV6)
        {
            socket.DualMode = false;
        }

        return socket;
    }

    private static SocketOptionLevel LevelOf(IPAddress group) =>
        group.AddressFamily == AddressFamily.InterNetwork ? SocketOptionLevel.IP : SocketOptionLevel.IPv6;

    private static IPAddress AnyOf(IPAddress group) =>
        group.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;

    private void Membership(SocketOptionName change, int link) =>
        _socket.SetSocketOption(
            LevelOf(_group), change, IsV6 ? new IPv6MulticastOption(_group, link) : new MulticastOption(_group, link));
}
