using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AptP2P.Host.Proxy.Answers;
using AptP2P.Host.Proxy.Requests;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Proxy.Tunnels;

/// <summary>
/// CONNECT (RFC 9110, section 9.3.6): apt with a proxy speaks to an https archive through an opaque tunnel. Nothing of it is seen, so
/// nothing is shared. The same rules hold as for other origins, and only listed ports are reached.
/// </summary>
internal sealed partial class TunnelServer(
    ClientRules rules, IOriginConnector connector, IOptions<TunnelOptions> options, TunnelMetrics metrics,
    IHostApplicationLifetime lifetime, TimeProvider time, ILogger<TunnelServer> logger)
{
    private int _open;

    /// <summary>Serves a connection that begins with CONNECT.</summary>
    /// <param name="input">What the client sends.</param>
    /// <param name="client">The client's socket, to send to.</param>
    public async Task<TunnelEnd> ServeAsync(PipeReader input, Socket client)
    {
        try
        {
            var address = ((IPEndPoint)client.RemoteEndPoint!).Address;
            if (FindRefusal(await TunnelRequest.ReadAsync(input, time), address, out var host, out var port) is { } refusal)
            {
                return await RefuseAsync(client, refusal);
            }

            if (Interlocked.Increment(ref _open) > options.Value.Tunnels)
            {
                Interlocked.Decrement(ref _open);
                return await RefuseAsync(
                    client,
                    new(
                        StatusCodes.Status503ServiceUnavailable,
                        $"{options.Value.Tunnels} tunnels are open, and no more are allowed ([Proxy] Tunnels)"));
            }

            try
            {
                return await ServeAsync(input, client, address, host, port);
            }
            finally
            {
                Interlocked.Decrement(ref _open);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            return TunnelEnd.Cut; // the client is gone
        }
    }

    private async Task<TunnelEnd> ServeAsync(PipeReader input, Socket client, IPAddress address, string host, int port)
    {
        Stream origin;
        try
        {
            // has its own limit of time
            origin = await connector.ConnectAsync(host, port, ClientRules.ReachOf(address), CancellationToken.None);
        }
        catch (OriginRefusedException e)
        {
            return await RefuseAsync(client, new(StatusCodes.Status403Forbidden, e.Message));
        }
        catch (IOException e)
        {
            return await RefuseAsync(client, new(StatusCodes.Status502BadGateway, e.Message));
        }

        await using (origin)
        {
            metrics.Opened();
            LogOpened(host, port);
            await SendAsync(client, $"HTTP/1.1 200 Connected\r\nVia: {AnswerHeaders.Via}\r\n\r\n");
            using var clock = new TunnelClock(options.Value.TunnelIdle, time, lifetime.ApplicationStopping);
            return await new Tunnel(input, client, origin, clock).RunAsync();
        }
    }

    private ErrorAnswer? FindRefusal(TunnelRequest? request, IPAddress client, out string host, out int port)
    {
        (host, port) = ("", 0);
        if (rules.FindRefusal(client) is { } notAllowed)
        {
            return new(StatusCodes.Status403Forbidden, notAllowed);
        }

        if (request is { IsOfBrowser: true })
        {
            return new(StatusCodes.Status403Forbidden, WebPages.Refusal);
        }

        if (request is null || !RequestTarget.TryParseHost(request.Target, defaultPort: 0, out host, out port) || port == 0)
        {
            return new(StatusCodes.Status400BadRequest, "CONNECT needs a host and a port: CONNECT ftp.us.debian.org:443 HTTP/1.1");
        }

        if (rules.IsThisNode(host, port))
        {
            return new(StatusCodes.Status403Forbidden, "a tunnel to this daemon itself leads nowhere");
        }

        return options.Value.ConnectPorts.Contains(port)
            ? null
            : new(
                StatusCodes.Status403Forbidden,
                $"tunnels lead to port {string.Join(", ", options.Value.ConnectPorts)} only. "
                + $"If {port} should be allowed, list it in the configuration: "
                + $"[Proxy] ConnectPorts={string.Join(',', options.Value.ConnectPorts.Append(port))}");
    }

    private async Task<TunnelEnd> RefuseAsync(Socket client, ErrorAnswer refusal)
    {
        metrics.Refused();
        var text = refusal.Text;
        await SendAsync(
            client,
            string.Create(
                null,
                stackalloc char[512],
                $"HTTP/1.1 {refusal.Status} {refusal.Phrase}\r\nVia: {AnswerHeaders.Via}\r\nContent-Type: text/plain; charset=utf-8\r\n"
                + $"Content-Length: {Encoding.UTF8.GetByteCount(text)}\r\nConnection: close\r\n\r\n{text}"));
        return TunnelEnd.InOrder;
    }

    private static async ValueTask SendAsync(Socket client, string text)
    {
        ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes(text);
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await client.SendAsync(bytes, SocketFlags.None)..];
        }
    }

    [LoggerMessage(1102, LogLevel.Debug, "A tunnel to {Host} port {Port} is open")]
    private partial void LogOpened(string host, int port);
}
