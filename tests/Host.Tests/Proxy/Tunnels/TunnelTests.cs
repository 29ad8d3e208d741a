using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AptP2P.Host.Proxy.Tunnels;
using AptP2P.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;
using static AptP2P.Host.Tests.Proxy.ProxyRig;

namespace AptP2P.Host.Tests.Proxy.Tunnels;

/// <summary>CONNECT, from a raw client to a raw origin.</summary>
public sealed class TunnelTests
{
    [Fact]
    public async Task Connect_Allowed_BytesPassBothWaysAndEachWayEndsByItself()
    {
        using var origin = Listen("127.50.2.2");
        await using var rig = await StartAsync("127.50.2.1", $"--Proxy:ConnectPorts={PortOf(origin)}");
        using var client = await rig.ConnectAsync();
        await SendAsync(client, $"CONNECT 127.50.2.2:{PortOf(origin)} HTTP/1.1\r\nHost: 127.50.2.2\r\nUser-Agent: x\r\n\r\nfirst bytes");
        using var accepted = await origin.AcceptSocketAsync(Cancellation);

        Assert.StartsWith("HTTP/1.1 200 ", await ReadHeadAsync(client), StringComparison.Ordinal);
        Assert.Equal("first bytes", await ReadAsync(accepted, 11));
        await SendAsync(accepted, "answer");
        Assert.Equal("answer", await ReadAsync(client, 6));

        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("", await ReadAsync(accepted, 1)); // the end has come through
        await SendAsync(accepted, "the rest");
        accepted.Shutdown(SocketShutdown.Send);
        Assert.Equal("the rest", await ReadToEndAsync(client));
    }

    [Fact]
    public async Task Connect_OldHttpWithoutHost_IsServed()
    {
        using var origin = Listen("127.50.2.13");
        await using var rig = await StartAsync("127.50.2.12", $"--Proxy:ConnectPorts={PortOf(origin)}");
        using var client = await rig.ConnectAsync();

        await SendAsync(client, $"CONNECT 127.50.2.13:{PortOf(origin)} HTTP/1.0\r\n\r\n");
        using var accepted = await origin.AcceptSocketAsync(Cancellation);

        Assert.StartsWith("HTTP/1.1 200 ", await ReadHeadAsync(client), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_OriginEndsFirst_TheClientMaySendOn()
    {
        using var origin = Listen("127.50.2.4");
        await using var rig = await StartAsync("127.50.2.3", $"--Proxy:ConnectPorts=443,{PortOf(origin)}");
        using var client = await rig.ConnectAsync();
        var request = $"CONNECT 127.50.2.4:{PortOf(origin)} HTTP/1.1\r\nHost: x\r\n\r\n";
        foreach (var letter in request) // as slowly as it may come
        {
            await SendAsync(client, letter.ToString());
        }

        using var accepted = await origin.AcceptSocketAsync(Cancellation);
        await ReadHeadAsync(client);

        accepted.Shutdown(SocketShutdown.Send);
        Assert.Equal("", await ReadToEndAsync(client));
        await SendAsync(client, "still here");
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("still here", await ReadToEndAsync(accepted));
    }

    [Theory]
    [InlineData("127.50.2.6:22", "", 403, "[Proxy] ConnectPorts=443,22")]
    [InlineData("169.254.169.254:443", "", 403, "AllowUpstream=169.254.169.254/32")]
    [InlineData("127.50.2.6:443", "--Proxy:Allow=192.0.2.0/24", 403, "[Proxy] Allow=")]
    [InlineData("127.50.2.6:443", "--Proxy:Tunnels=0", 503, "[Proxy] Tunnels")]
    [InlineData("127.50.2.6:443", "", 502, "cannot connect to 127.50.2.6 port 443")]
    [InlineData("127.50.2.6", "", 400, "CONNECT needs a host and a port")]
    [InlineData("user@127.50.2.6:443", "", 400, "CONNECT needs a host and a port")]
    [InlineData("127.50.2.6:443 HTTP/1.1\r\nnonsense\r\n\r\n", "", 400, "CONNECT needs a host and a port")]
    [InlineData("/", "", 400, "CONNECT needs a host and a port")]
    public async Task Connect_Refused_SaysWhyInABody(string target, string option, int status, string reason)
    {
        await using var rig = await StartAsync("127.50.2.5", option.Length > 0 ? [option] : []);
        using var client = await rig.ConnectAsync();

        await SendAsync(client, $"CONNECT {target} HTTP/1.1\r\nHost: x\r\n\r\n");

        var answer = await ReadToEndAsync(client);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains(reason, answer[answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_ToThisDaemon_IsRefused()
    {
        await using var rig = await StartAsync("127.50.2.7");
        using var client = await rig.ConnectAsync();

        await SendAsync(client, $"CONNECT {rig.EndPoint} HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 403 a tunnel to this daemon itself", await ReadToEndAsync(client), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_AnyBytesBehindIt_EndInAnAnswerOrAnEnd()
    {
        await using var rig = await StartAsync("127.50.2.8");
        var random = new Random(3);
        for (var run = 0; run < 100; run++)
        {
            using var client = await rig.ConnectAsync();
            var bytes = new byte[random.Next(1, 3000)];
            random.NextBytes(bytes);
            await client.SendAsync("CONNECT "u8.ToArray(), Cancellation);
            await client.SendAsync(bytes, Cancellation);
            client.Shutdown(SocketShutdown.Send);
            Assert.StartsWith("HTTP/1.1 400 ", await ReadToEndAsync(client), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Tunnel_NothingPasses_EndsAfterItsTime()
    {
        using var listener = Listen("127.50.2.9");
        using var near = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await near.ConnectAsync(listener.LocalEndpoint, Cancellation);
        using var far = await listener.AcceptSocketAsync(Cancellation);
        var (time, input, idle) = (new VirtualTime(), new Pipe(), TimeSpan.FromMinutes(2));
        using var clock = new TunnelClock(idle, time, CancellationToken.None);
        var running = new Tunnel(input.Reader, far, new NetworkStream(near, ownsSocket: false), clock).RunAsync();

        time.Advance(idle - TimeSpan.FromSeconds(1));
        await input.Writer.WriteAsync("x"u8.ToArray(), Cancellation);
        Assert.Equal("x", await ReadAsync(far, 1)); // it has passed, so its time begins anew
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(running.IsCompleted);
        time.Advance(idle);

        Assert.Equal(TunnelEnd.Cut, await running);
    }

    [Fact]
    public async Task Stop_TunnelAtRest_IsClosedInOrder()
    {
        using var origin = Listen("127.50.2.11");
        await using var rig = await StartAsync("127.50.2.10", $"--Proxy:ConnectPorts={PortOf(origin)}", "--Host:StopGrace=1min");
        using var client = await rig.ConnectAsync();
        await SendAsync(client, $"CONNECT 127.50.2.11:{PortOf(origin)} HTTP/1.1\r\nHost: x\r\n\r\n");
        using var accepted = await origin.AcceptSocketAsync(Cancellation);
        await ReadHeadAsync(client);
        await SendAsync(accepted, "answer");
        Assert.Equal("answer", await ReadAsync(client, 6));

        rig.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.Equal("", await ReadToEndAsync(client)); // after the grace time it would be reset
        Assert.Equal("", await ReadToEndAsync(accepted));
    }

    private static TcpListener Listen(string address)
    {
        var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        return listener;
    }

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static async Task SendAsync(Socket socket, string text) => await socket.SendAsync(Encoding.ASCII.GetBytes(text), Cancellation);

    private static async Task<string> ReadHeadAsync(Socket socket)
    {
        var head = "";
        while (!head.EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head += await ReadAsync(socket, 1) is { Length: 1 } letter ? letter : throw new EndOfStreamException(head);
        }

        return head;
    }

    private static async Task<string> ReadAsync(Socket socket, int length)
    {
        var (bytes, count) = (new byte[length], 0);
        while (count < length && await socket.ReceiveAsync(bytes.AsMemory(count), Cancellation) is > 0 and var received)
        {
            count += received;
        }

        return Encoding.ASCII.GetString(bytes, 0, count);
    }

    private static Task<string> ReadToEndAsync(Socket socket) => ReadAsync(socket, 100_000);
}
