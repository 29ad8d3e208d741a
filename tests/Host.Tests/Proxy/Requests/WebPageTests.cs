using System.Net.Sockets;
using System.Text;
using AptP2P.Host.Tests.Catalog;
using AptP2P.Testing;
using AptP2P.Testing.Http;
using AptP2P.Testing.InMemory;
using Xunit;
using static AptP2P.Host.Tests.Proxy.ProxyRig;

namespace AptP2P.Host.Tests.Proxy.Requests;

/// <summary>A web page in this machine's browser is no client, whatever it asks for and whoever answers.</summary>
public sealed class WebPageTests : IAsyncLifetime
{
    private const string Transparent = "transparent.test";
    private const string Apts = "text/*";
    private const string Browsers = "text/html,application/xhtml+xml,*/*;q=0.8";

    private readonly FaultyServer _origin = FaultyServer.Start("127.50.7.1", TestContent.Bytes(1_000));
    private readonly HttpClient _client = new();
    private ProxyRig _rig = null!;

    public static TheoryData<string> Marks =>
        [
            "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "sec-fetch-dest: document", "Sec-Fetch-User: ?1", "Origin: null",
            "Origin: https://evil.example", "Cookie: a=b", "Upgrade-Insecure-Requests: 1",
        ];

    public async ValueTask InitializeAsync() =>
        _rig = await StartAsync("127.50.7.2", $"--Proxy:Transparent={Transparent}", "--Catalog:AptSources=", "--Catalog:Keyrings=");

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _rig.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Marks))]
    public async Task Get_WhatOnlyBrowsersSend_IsRefusedInEveryForm(string mark)
    {
        var package = Assert.Single(await _rig.PublishAsync(1));
        foreach (var line in (string[])
        [
            $"GET /{_origin.EndPoint}/x HTTP/1.1\r\nHost: {_rig.EndPoint}",
            $"HEAD /{_origin.EndPoint}/x HTTP/1.1\r\nHost: localhost",
            $"OPTIONS /{_origin.EndPoint}/x HTTP/1.1\r\nHost: localhost",
            $"GET /https/{_origin.EndPoint}/x HTTP/1.1\r\nHost: {_rig.EndPoint}",
            $"GET http://{_origin.EndPoint}/x HTTP/1.1\r\nHost: {_origin.EndPoint}",
            $"GET http://{_rig.EndPoint}/{_origin.EndPoint}/x HTTP/1.1\r\nHost: {_rig.EndPoint}",
            $"GET /x HTTP/1.1\r\nHost: {Transparent}",
            $"GET /archive.test/debian/pool/p0.deb HTTP/1.1\r\nHost: {_rig.EndPoint}",
            $"CONNECT {_origin.EndPoint}:443 HTTP/1.1\r\nHost: {_origin.EndPoint}",
        ])
        {
            var answer = await SendAsync($"{line}\r\n{mark}\r\nConnection: close\r\n\r\n");

            Assert.StartsWith("HTTP/1.1 403 apt-p2p is for apt, not for web browsers", answer, StringComparison.Ordinal);
            Assert.Contains("use apt, or curl", answer, StringComparison.Ordinal);
        }

        Assert.Empty(_origin.Requests);
        Assert.Empty(package.Channel.Reads);
    }

    [Theory]
    // by a form or a script: what is answered it cannot read, but we would work for it
    [InlineData("POST /p2p/have", "Origin: https://evil.example", 403)]
    [InlineData("POST /p2p/have", "Origin: null", 403)]
    [InlineData("GET /.well-known/ni/sha-256/x", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image", 403)]
    [InlineData("GET /", "Sec-Fetch-Site: same-site\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty", 403)]
    [InlineData("GET /", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe", 403)]
    // from a link; nothing is there without the plugin
    [InlineData("GET /", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document", 404)]
    [InlineData("GET /", "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty", 404)]
    [InlineData("GET /", "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document", 404)]
    [InlineData("POST /p2p/have", "User-Agent: apt-p2p", 404)]
    public async Task Own_AskedForByAPageOfAnotherSite_IsRefused(string line, string marks, int status)
    {
        var answer = await SendAsync(
            $"{line} HTTP/1.1\r\nHost: {_rig.EndPoint}\r\n{marks}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipelined_ByABrowser_IsNotBegunAhead()
    {
        var packages = await _rig.PublishAsync(3);
        packages[0].Channel.Script(new ChannelAct { StallAt = 10 });
        packages[2].Channel.Script(new ChannelAct { StallAt = 10 });
        using var socket = await _rig.ConnectAsync();
        await using var stream = new NetworkStream(socket);

        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(_rig.Get(packages[0]) + _rig.Get(packages[1], "Sec-Fetch-Site: none\r\n") + _rig.Get(packages[2])),
            Cancellation);
        await packages[0].Channel.StalledAsync(Cancellation);
        await packages[2].Channel.StalledAsync(Cancellation); // begun after the second could have been
        packages[0].Channel.Release();
        packages[2].Channel.Release();

        Assert.Equal([200, 403, 200], (await ReadAsync(stream, 3)).Select(answer => answer.Status));
        Assert.Empty(packages[1].Channel.Reads);
    }

    [Fact]
    public async Task Get_WhatBrowsersSayOfTheirUser_DoesNotGoUp()
    {
        await SendAsync(
            $"GET /{_origin.EndPoint}/x HTTP/1.1\r\nHost: localhost\r\nReferer: https://bank.example/\r\nSec-CH-UA: x\r\nDNT: "
            + "1\r\nX-Token: y\r\nAuthorization: Basic Og==\r\n"
            + "Upgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n");

        var asked = Assert.Single(_origin.Requests);
        Assert.Equal(["Authorization", "Host", "Via", "X-Token"], asked.Headers.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Get_WhatIsSaidOfASite_DoesNotComeBack()
    {
        _origin.Otherwise = _ =>
            Answer
                .Right.With("Set-Cookie", "a=b")
                .With("Access-Control-Allow-Origin", "*")
                .With("Service-Worker-Allowed", "/")
                .With("Clear-Site-Data", "\"*\"")
                .With("Alt-Svc", "h3=\":1\"")
                .With("Strict-Transport-Security", "max-age=1")
                .With("Refresh", "0;url=http://x/")
                .With("Link", "</x>;rel=preload")
                .With("NEL", "{}")
                .With("Report-To", "{}")
                .With("X-Any", "thing")
                .With("Content-Security-Policy", "default-src *")
                .With("WWW-Authenticate", "Basic realm=x")
                .With("Content-Type", "text/html");

        using var answer = await _client.GetAsync(new Uri($"http://{_rig.EndPoint}/{_origin.EndPoint}/x"), Cancellation);

        Assert.Equal(
            [
                "Accept-Ranges", "Content-Length", "Content-Security-Policy", "Content-Type", "Date", "ETag", "Last-Modified", "Via",
                "WWW-Authenticate", "X-Cache", "X-Content-Type-Options",
            ],
            answer.Headers.Concat(answer.Content.Headers).Select(header => header.Key).Order(StringComparer.Ordinal));
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.ToString()); // what it is called
        AssertIsNoPage(answer, "passed through");
    }

    [Fact]
    public async Task Get_FromEveryLane_IsNoPage()
    {
        var packages = await _rig.PublishAsync(2);
        var package = packages[0];
        using var published = new SemaphoreSlim(0);
        _rig.Fetcher.Published += (_, _) => published.Release();
        var (stored, release) = ($"/archive.test/debian/pool/{package.Name}", $"/{_origin.EndPoint}/debian/dists/stable/InRelease");
        _origin.Otherwise = request =>
            request.Target.Contains("missing", StringComparison.Ordinal) ? Answer.Error(404) : Answer.Of(CatalogUnderTest.Dated(0));

        await CheckAsync(stored, "MIRROR", Apts, HttpMethod.Get);
        await published.WaitAsync(Cancellation);
        await CheckAsync($"/archive.test/debian/pool/{packages[1].Name}", "MIRROR", Browsers, HttpMethod.Get);
        await published.WaitAsync(Cancellation);
        await CheckAsync(stored, "HIT");
        await CheckAsync(stored, "HIT", HttpMethod.Head);
        await CheckAsync(stored, "HIT", more: ("If-None-Match", $"\"{package.Hash}\""));
        await CheckAsync(stored, "HIT", more: ("Range", "bytes=1-2"));
        await CheckAsync(stored, null, more: ("Range", "bytes=1000-"));
        await CheckAsync($"/{_origin.EndPoint}/missing", "MISS");
        await CheckAsync(release, "MISS");
        _origin.Otherwise = _ => Answer.Error(304);
        await CheckAsync(release, "HIT");
        await CheckAsync(release, "HIT", HttpMethod.Head);
        _origin.Otherwise = _ => Answer.Error(503);
        await CheckAsync(release, "STALE");
        await CheckAsync($"/{_origin.EndPoint}/missing", "MISS");
        await _origin.DisposeAsync();
        await CheckAsync($"/{_origin.EndPoint}/missing", null);
        await CheckAsync("/no-such-host/x/y", null);
    }

    [Fact]
    public async Task Get_OriginChangesTheProtocol_IsABadGateway()
    {
        _origin.Otherwise = _ => Answer.Verbatim("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");

        var answer = await SendAsync(
            $"GET /{_origin.EndPoint}/x HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 502 ", answer, StringComparison.Ordinal);
    }

    /// <param name="path">What to get.</param>
    /// <param name="from">Where it is to come from; nothing where the answer is the daemon's own.</param>
    /// <param name="method">GET, if no other.</param>
    /// <param name="more">A further header.</param>
    private async Task CheckAsync(string path, string? from, HttpMethod? method = null, (string Name, string Value)? more = null)
    {
        foreach (var accept in (string[])[Apts, Browsers])
        {
            await CheckAsync(path, from, accept, method ?? HttpMethod.Get, more);
        }
    }

    private async Task CheckAsync(string path, string? from, string accept, HttpMethod method, (string Name, string Value)? more = null)
    {
        using var request = new HttpRequestMessage(method, new Uri($"http://{_rig.EndPoint}{path}"));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.TryAddWithoutValidation(more?.Name ?? "X", more?.Value);
        using var answer = await _client.SendAsync(request, Cancellation); // on one connection, so that what the last one taught is known

        Assert.Equal(from, answer.Headers.TryGetValues("X-Cache", out var cache) ? cache.Single() : null);
        AssertIsNoPage(answer, $"{request} {answer}");
        Assert.Equal(from is not null && accept == Browsers ? "attachment" : null, answer.Content.Headers.ContentDisposition?.ToString());
    }

    private static void AssertIsNoPage(HttpResponseMessage answer, string what)
    {
        Assert.True(answer.Headers.TryGetValues("Content-Security-Policy", out var policy), what);
        Assert.Equal("sandbox; default-src 'none'", policy.Single());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    private async Task<string> SendAsync(string request)
    {
        using var client = await _rig.ConnectAsync();
        await using var stream = new NetworkStream(client);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Cancellation);
        client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(Cancellation);
    }
}
