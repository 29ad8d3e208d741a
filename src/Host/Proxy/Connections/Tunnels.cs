using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AptP2P.Shared;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Proxy.Connections;

/// <summary>
/// CONNECT (RFC 9110, section 9.3.6): apt with a proxy speaks to an https archive through an opaque tunnel. Nothing of it is seen, so
/// nothing is shared. The same rules hold as for other origins, and only listed ports are reached.
/// </summary>
internal sealed partial class Tunnels(
    ClientRules rules, IOriginConnector connector, IOptions<ProxyOptions> options, ProxyMetrics metrics, IHostApplicationLifetime lifetime,
    TimeProvider time, ILogger<Tunnels> logger)
{
    // as for other requests: a client that sends its head more slowly holds a connection for nothing
    private static readonly TimeSpan HeadTime = TimeSpan.FromSeconds(10);

    private int _open;

    /// <summary>Serves a connection that begins with CONNECT.</summary>
    /// <param name="input">What the client sends.</param>
    /// <param name="client">The client's socket, to send to.</param>
    public async Task<TunnelEnd> ServeAsync(PipeReader input, Socket client)
    {
        try
        {
            var address = ((IPEndPoint)client.RemoteEndPoint!).Address;
            if (FindRefusal(await ReadRequestAsync(input), address, out var host, out var port) is { } refusal)
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
            metrics.TunnelOpened();
            LogOpened(host, port);
            await SendAsync(client, $"HTTP/1.1 200 Connected\r\nVia: {Answer.Via}\r\n\r\n");
            using var clock = new TunnelClock(options.Value.TunnelIdle, time, lifetime.ApplicationStopping);
            return await new Tunnel(input, client, origin, clock).RunAsync();
        }
    }

    private PassThroughFailure? FindRefusal(Request? request, IPAddress client, out string host, out int port)
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

    /// <returns>Nothing when what came is no head.</returns>
    private async Task<Request?> ReadRequestAsync(PipeReader input)
    {
        using var limit = new CancellationTokenSource(HeadTime, time);
        try
        {
            while (true)
            {
                var result = await input.ReadAsync(limit.Token);
                if (TryRead(result.Buffer, out var request, out var end))
                {
                    input.AdvanceTo(end);
                    return request;
                }

                if (result.IsCompleted || result.Buffer.Length > RequestScanner.MaxHead)
                {
                    input.AdvanceTo(result.Buffer.End);
                    return null;
                }

                input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static bool TryRead(in ReadOnlySequence<byte> bytes, out Request? request, out SequencePosition end)
    {
        (request, end) = (null, bytes.Start);
        var reader = new SequenceReader<byte>(bytes);
        if (!reader.TryReadTo(out ReadOnlySequence<byte> _, "\r\n\r\n"u8))
        {
            return false;
        }

        end = reader.Position;
        var text = bytes.Slice(0, end).ToArray();
        request = RequestHead.TryParse(text, out var head)
            ? new Request(Encoding.ASCII.GetString(head.Target), head.IsOfBrowser)
            : ReadOld(text);
        return true;
    }

    /// <summary>HTTP/1.0 has no <c>Host</c>, and CONNECT needs none.</summary>
    private static Request? ReadOld(ReadOnlySpan<byte> head) =>
        Encoding.Latin1.GetString(head[..head.IndexOf("\r\n"u8)]).Split(' ') is [_, var target, "HTTP/1.0"]
            ? new Request(target, IsOfBrowser: false)
            : null;

    private async Task<TunnelEnd> RefuseAsync(Socket client, PassThroughFailure refusal)
    {
        metrics.TunnelRefused();
        var line = Answer.Phrase(refusal.Reason); // apt shows it to its user
        var text = Printable.Of(refusal.Reason);
        var body = Encoding.UTF8.GetByteCount(text) + 1;
        await SendAsync(
            client,
            string.Create(
                null,
                stackalloc char[512],
                $"HTTP/1.1 {refusal.Status} {line}\r\nVia: {Answer.Via}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
                + $"{body}\r\nConnection: close\r\n\r\n{text}\n"));
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

    private sealed record Request(string Target, bool IsOfBrowser);

    [LoggerMessage(1102, LogLevel.Debug, "A tunnel to {Host} port {Port} is open")]
    private partial void LogOpened(string host, int port);
}
