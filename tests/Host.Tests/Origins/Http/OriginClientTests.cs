using AptP2P.Host.Origins.Http;
using AptP2P.Host.Origins.Mirrors;
using AptP2P.Testing;
using AptP2P.Testing.Conformance;
using AptP2P.Testing.Http;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Origins.Http;

public sealed class OriginClientTests : OriginClientConformance
{
    private readonly FaultyServer _server = FaultyServer.Start("127.26.1.1", TestContent.Bytes(300_000));

    private readonly ConnectionPools _clients = new(
        new DirectConnector { Refused = { "refused.example" } },
        new ReleaseMirrors(Options.Create(new RedirectOptions()), TimeProvider.System),
        new ViaMark());

    public OriginClientTests() => Client = new OriginClient(_clients, new MirrorClock(TimeProvider.System));

    protected override IOriginClient Client { get; }

    protected override string RefusedHost => "refused.example";

    [Fact]
    public async Task Send_Plain_NothingThatAptBehindAProxyWouldNotSend()
    {
        using var response = await GetAsync("/a/./b/../c%2Fd//e%7e.deb?x=%41&y=+");

        var request = Assert.Single(_server.Requests);
        Assert.Equal("/a/./b/../c%2Fd//e%7e.deb?x=%41&y=+", request.Target);
        Assert.Equal(["Host", "User-Agent", "Via"], request.Headers.Keys.Order());
        Assert.Equal(_server.EndPoint.ToString(), request["Host"]);
        Assert.Matches(@"^Debian APT-HTTP/1\.3 \(apt-p2p/[\d.]+\)$", request["User-Agent"]);
    }

    [Fact]
    public async Task Send_ClientsOfDifferentReach_ShareNoConnection()
    {
        foreach (var reach in new[] { OriginReach.Local, OriginReach.Public, OriginReach.Local })
        {
            using var response = await GetAsync("/a", reach);
            await response.Content.CopyToAsync(Stream.Null, Cancellation);
        }

        Assert.Equal(2, _server.ConnectionCount);
    }

    [Fact]
    public async Task LeaveConnections_AnotherNetwork_TheNextIsANewOneAndWhatRunsGoesOn()
    {
        using var running = await GetAsync("/a");
        _clients.LeaveConnections();

        using var next = await GetAsync("/b");

        Assert.Equal(2, _server.ConnectionCount);
        Assert.Equal(300_000, (await running.Content.ReadAsByteArrayAsync(Cancellation)).Length);
    }

    [Fact]
    public async Task Dispose_MuchOfTheBodyIsLeft_TheConnectionIsGivenUp()
    {
        (await GetAsync("/a")).Dispose();

        using var next = await GetAsync("/b");

        Assert.Equal(2, _server.ConnectionCount);
    }

    [Theory]
    [InlineData(3)] // a body that does not end
    [InlineData(0)]
    public async Task Send_ARedirectWhoseBodyHangs_IsFollowedAtOnce(int stallAt)
    {
        _server.Script(Answer.Redirect("/there") with { StallAt = stallAt });

        using var response = await GetAsync("/here");

        Assert.Equal(["/here", "/there"], _server.Requests.Select(request => request.Target));
    }

    [Fact]
    public async Task Send_RedirectsWithoutABody_OnOneConnection()
    {
        var bare = Answer.Redirect("/2") with { Body = ReadOnlyMemory<byte>.Empty };
        _server.Script(bare, bare.With("Location", "/3"), bare.With("Location", "/4"));

        using var response = await GetAsync("/1");

        Assert.Equal(4, _server.Requests.Count);
        Assert.Equal(1, _server.ConnectionCount);
    }

    [Fact]
    public async Task Send_ServerClosesEachConnection_AskedOnce()
    {
        _server.Otherwise = _ => Answer.CloseAtOnce;

        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync("/a"));

        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Send_KeptConnectionHasEnded_AskedAgainOnANewOne()
    {
        using (var response = await GetAsync("/a"))
        {
            await response.Content.CopyToAsync(Stream.Null, Cancellation);
        }

        _server.Script(Answer.CloseAtOnce);
        using var next = await GetAsync("/b");

        Assert.Equal((2, 3), (_server.ConnectionCount, _server.Requests.Count));
    }

    public override async ValueTask DisposeAsync()
    {
        _clients.Dispose();
        await _server.DisposeAsync();
        await base.DisposeAsync();
    }

    private Task<HttpResponseMessage> GetAsync(string path, OriginReach reach = OriginReach.Local) =>
        Client.SendAsync(_server.Origin(path, reach), new HttpRequestMessage(), resolved: null, Cancellation);
}
