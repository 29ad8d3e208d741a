using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AptP2P.Ports.Gateways;

namespace AptP2P.Ports.Sockets;

/// <summary>The network of this machine.</summary>
internal class SocketNetwork : IRouterNetwork
{
    private const int MaxHeaders = 16; // KiB of an answer's
    private const int SearchHops = 2; // UPnP Device Architecture 1.1, 1.3.2

    private static readonly IPAddress Anywhere = IPAddress.Parse("2000::1"); // global; nothing is sent there

    public IRouterSocket? Open(Gateway gateway, int port) =>
        TryOpen(gateway.Family, socket =>
        {
            socket.Bind(new IPEndPoint(gateway.Own, 0)); // for IPv6 the kernel would take the link-local one
            socket.Connect(new IPEndPoint(gateway.Address, port));
        }) is { } socket
            ? new DatagramSocket(socket)
            : null;

    public IRouterSocket? OpenSearch(Gateway gateway) =>
        TryOpen(gateway.Family, socket =>
        {
            socket.Bind(new IPEndPoint(gateway.Own, 0));
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, gateway.Own.GetAddressBytes());
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, SearchHops);
        }) is { } socket
            ? new SearchSocket(socket, gateway)
            : null;

    public async Task<RouterPage?> FetchAsync(
        Gateway gateway, Uri target, RouterCall? call, int maxLength, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxResponseHeadersLength = MaxHeaders,
            ConnectCallback = async (_, token) => await ConnectAsync(gateway, target.Port, token),
        };
        using var client = new HttpClient(handler) { MaxResponseContentBufferSize = maxLength, Timeout = Timeout.InfiniteTimeSpan };
        using var request = new HttpRequestMessage(call is null ? HttpMethod.Get : HttpMethod.Post, target);
        request.Headers.ConnectionClose = true;
        if (call is not null)
        {
            request.Content = new StringContent(call.Body, Encoding.UTF8, "text/xml");
            request.Headers.TryAddWithoutValidation("SOAPAction", $"\"{call.Action}\"");
        }

        try
        {
            using var answer = await client.SendAsync(request, cancellationToken);
            return new RouterPage((int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return null;
        }
    }

    /// <summary>The address that this machine has towards another one.</summary>
    /// <param name="address">Nothing is sent there; <see langword="null"/> is anywhere in the world, by IPv6.</param>
    public IPAddress? OwnTowards(IPAddress? address)
    {
        var to = new IPEndPoint(address ?? Anywhere, 9);
        using var socket = TryOpen(to.AddressFamily, socket => socket.Connect(to));
        return (socket?.LocalEndPoint as IPEndPoint)?.Address;
    }

    /// <summary>Makes a socket; for tests, elsewhere.</summary>
    protected virtual Socket Make(AddressFamily family, SocketType type, ProtocolType protocol) => new(family, type, protocol);

    /// <summary>A socket for what routers tell everybody.</summary>
    public Socket? OpenForAnnouncements(IPEndPoint at) =>
        TryOpen(at.AddressFamily, socket =>
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true); // other programs listen too
            if (at.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }

            socket.Bind(at);
        });

    [SuppressMessage("Reliability", "CA2000", Justification = "the stream owns the socket")]
    private async Task<Stream> ConnectAsync(Gateway gateway, int port, CancellationToken cancellationToken)
    {
        var socket = Make(gateway.Family, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(gateway.Own, 0));
            await socket.ConnectAsync(new IPEndPoint(gateway.Address, port), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private Socket? TryOpen(AddressFamily family, Action<Socket> prepare)
    {
        var socket = default(Socket);
        try
        {
            socket = Make(family, SocketType.Dgram, ProtocolType.Udp);
            prepare(socket);
            return socket;
        }
        catch (SocketException) // the address is gone, or there is no way there
        {
            socket?.Dispose();
            return null;
        }
    }
}
