using System.Net;
using System.Net.Sockets;
using System.Text;
using AptP2P.Ports.Gateways;
using AptP2P.Ports.Sockets;
using AptP2P.Ports.Tests.Routers;
using AptP2P.Testing.Http;
using Xunit;

namespace AptP2P.Ports.Tests.Sockets;

public sealed class SocketNetworkTests
{
    private readonly SocketNetwork _network = new();
    private readonly byte[] _buffer = new byte[2048];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_AnotherAddressOrPortAnswers_IsNotHeard()
    {
        var gateway = NewGateway();
        using var router = new UdpClient(new IPEndPoint(gateway.Address, 5351));
        using var otherPort = new UdpClient(new IPEndPoint(gateway.Address, 0));
        using var otherHost = new UdpClient(new IPEndPoint(Loopback.Next(), 5351));
        using var socket = _network.Open(gateway, 5351)!;

        Assert.True(await socket.SendAsync("question"u8.ToArray(), Cancellation));
        var client = (await router.ReceiveAsync(Cancellation)).RemoteEndPoint;
        await otherPort.SendAsync("lie"u8.ToArray(), client, Cancellation);
        await otherHost.SendAsync("lie"u8.ToArray(), client, Cancellation);
        await router.SendAsync("answer"u8.ToArray(), client, Cancellation);

        Assert.Equal("answer", await HearAsync(socket));
    }

    [Fact]
    public async Task Open_NobodyIsThere_IsKnownWithoutWaiting()
    {
        using var socket = _network.Open(NewGateway(), 5351)!;

        await socket.SendAsync("question"u8.ToArray(), Cancellation);

        Assert.Equal(-1, await socket.ReceiveAsync(_buffer, Cancellation));
    }

    [Fact]
    public async Task OpenSearch_AnotherHostAnswers_OnlyTheRouterIsHeardFromAnyPort()
    {
        var gateway = NewGateway();
        using var router = new UdpClient(new IPEndPoint(gateway.Address, 1900));
        using var otherPort = new UdpClient(new IPEndPoint(gateway.Address, 0));
        using var otherHost = new UdpClient(new IPEndPoint(Loopback.Next(), 1900));
        using var socket = _network.OpenSearch(gateway)!;

        Assert.True(await socket.SendAsync("question"u8.ToArray(), Cancellation));
        var client = (await router.ReceiveAsync(Cancellation)).RemoteEndPoint;
        await otherHost.SendAsync("lie"u8.ToArray(), client, Cancellation);
        await otherPort.SendAsync("answer"u8.ToArray(), client, Cancellation);

        Assert.Equal("answer", await HearAsync(socket));
    }

    [Fact]
    public async Task OpenSearch_AFloodOfStrangers_EndsIt()
    {
        var gateway = NewGateway();
        using var stranger = new UdpClient(new IPEndPoint(Loopback.Next(), 1900));
        using var router = new UdpClient(new IPEndPoint(gateway.Address, 1900));
        using var socket = _network.OpenSearch(gateway)!;
        await socket.SendAsync("question"u8.ToArray(), Cancellation);
        var client = (await router.ReceiveAsync(Cancellation)).RemoteEndPoint;

        var heard = socket.ReceiveAsync(_buffer, Cancellation).AsTask();
        while (!heard.IsCompleted)
        {
            await stranger.SendAsync("lie"u8.ToArray(), client, Cancellation);
            await Task.Yield();
        }

        Assert.Equal(-1, await heard);
    }

    [Fact]
    public async Task Fetch_ACall_IsSentAsRoutersWantIt()
    {
        await using var server = FaultyServer.Start($"{Loopback.Next()}", "page"u8.ToArray());

        var page = await FetchAsync(server, new RouterCall("urn:x:1#Do", "<body/>"));

        Assert.Equal((200, "page"), (page!.Status, Encoding.ASCII.GetString(page.Body)));
        var request = Assert.Single(server.Requests);
        Assert.Equal(("POST", "\"urn:x:1#Do\""), (request.Method, request["SOAPAction"]));
        Assert.Equal("<body/>", Encoding.ASCII.GetString(request.Body.Span));
        Assert.Equal("text/xml; charset=utf-8", request["Content-Type"]);
        Assert.Equal($"{server.EndPoint}", request["Host"]);
    }

    [Fact]
    public async Task Fetch_ARedirect_IsNotFollowed()
    {
        await using var server = FaultyServer.Start($"{Loopback.Next()}", "page"u8.ToArray());
        server.Script(Answer.Redirect(server.Url("/other")));

        Assert.Equal(302, (await FetchAsync(server))?.Status);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Fetch_ALongPage_IsNone()
    {
        await using var server = FaultyServer.Start($"{Loopback.Next()}", new byte[5000]);

        Assert.Null(await FetchAsync(server));
        server.Script(new Answer { IsChunked = true });
        Assert.Null(await FetchAsync(server));
    }

    [Fact]
    public async Task Fetch_CutOrNobodyThere_IsNone()
    {
        await using var server = FaultyServer.Start($"{Loopback.Next()}", new byte[1000]);
        server.Script(Answer.Cut(10), Answer.Verbatim("garbage\r\n\r\n"));

        Assert.Null(await FetchAsync(server));
        Assert.Null(await FetchAsync(server));
        Assert.Null(await _network.FetchAsync(NewGateway(), new Uri("http://127.0.0.1:1/"), null, 1000, Cancellation));
    }

    [Fact]
    public async Task Fetch_ARouterThatHangs_IsEnded()
    {
        await using var server = FaultyServer.Start($"{Loopback.Next()}", new byte[1000]);
        server.Script(Answer.Stall(10));
        using var end = new CancellationTokenSource();
        var fetch = _network.FetchAsync(Gateway(server), new Uri(server.Url("/")), null, 2000, end.Token);
        await server.StalledAsync(Cancellation);

        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch);
    }

    [Fact]
    public async Task Fetch_AnAddressInTheTargetThatIsNotTheRouters_TheRouterIsConnectedTo()
    {
        await using var server = FaultyServer.Start($"{Loopback.Next()}", "page"u8.ToArray());
        await using var other = FaultyServer.Start($"{Loopback.Next()}", "lie"u8.ToArray());
        var target = new Uri($"http://{other.EndPoint.Address}:{server.EndPoint.Port}/");

        var page = await _network.FetchAsync(Gateway(server), target, null, 1000, Cancellation);

        Assert.Equal("page", Encoding.ASCII.GetString(page!.Body));
        Assert.Empty(other.Requests);
    }

    [Fact]
    public void Find_NamedRouters_WithOwnAddressTowardsThem()
    {
        var router = Loopback.Next();

        Assert.Equal([new Gateway(router, IPAddress.Loopback)], new DefaultRoutes(_network).Find([router, router]));
    }

    private static Gateway NewGateway() => new(Loopback.Next(), IPAddress.Loopback);

    private static Gateway Gateway(FaultyServer server) => new(server.EndPoint.Address, IPAddress.Loopback);

    private async Task<string> HearAsync(IRouterSocket socket) =>
        Encoding.ASCII.GetString(_buffer, 0, await socket.ReceiveAsync(_buffer, Cancellation));

    private Task<RouterPage?> FetchAsync(FaultyServer server, RouterCall? call = null) =>
        _network.FetchAsync(Gateway(server), new Uri(server.Url("/")), call, 2000, Cancellation);
}
