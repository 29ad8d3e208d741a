using System.Net;
using AptP2P.Host.Origins.Http;
using AptP2P.Host.Origins.Mirrors;
using AptP2P.Testing;
using AptP2P.Testing.Http;
using AptP2P.Testing.InMemory;
using Microsoft.Extensions.Options;
using Xunit;

namespace AptP2P.Host.Tests.Origins.Http;

/// <summary>A director, and two mirrors to which it sends its clients as it likes.</summary>
public sealed class ReleaseMirrorsTests : IAsyncDisposable
{
    private const string Release = "/dir/dists/x/InRelease";
    private const string Index = "/dir/dists/x/main/binary-amd64/Packages.xz";
    private const string Package = "/dir/pool/g%2b%2b.deb";

    private readonly FaultyServer _director = FaultyServer.Start("127.26.2.1", TestContent.Bytes(10));
    private readonly FaultyServer _first = FaultyServer.Start("127.26.2.2", TestContent.Bytes(20));
    private readonly FaultyServer _second = FaultyServer.Start("127.26.2.3", TestContent.Bytes(30));
    private readonly VirtualTime _time = new();
    private readonly RedirectOptions _options = new();
    private readonly ConnectionPools _clients;

    public ReleaseMirrorsTests()
    {
        _clients = new ConnectionPools(new DirectConnector(), new ReleaseMirrors(Options.Create(_options), _time), new ViaMark());
        SendTo(_first);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Index, "/deb/dists/x/main/binary-amd64/Packages.xz")]
    [InlineData(Package, "/deb/pool/g%2b%2b.deb")]
    [InlineData("/dir/dists/x/Release.gpg", "/deb/dists/x/Release.gpg")]
    [InlineData("/dir/dists/y/main/binary-amd64/Packages?a=/b", "/deb/dists/y/main/binary-amd64/Packages?a=/b")]
    public async Task Send_AfterARelease_AsksWhereItCameFrom(string path, string there)
    {
        await GetAsync(Release);
        SendTo(_second);

        Assert.Equal(HttpStatusCode.OK, await GetAsync(path));

        Assert.Equal(there, _first.Requests[^1].Target);
        Assert.Empty(_second.Requests);
        Assert.Single(_director.Requests);
    }

    [Fact]
    public async Task Send_AnotherSuitesReleaseCameFromElsewhere_ItsIndexesComeFromThere()
    {
        await GetAsync(Release);
        SendTo(_second);
        await GetAsync("/dir/dists/y/InRelease");

        await GetAsync(Index);
        await GetAsync("/dir/dists/y/main/binary-amd64/Packages.xz");

        Assert.EndsWith("/x/main/binary-amd64/Packages.xz", _first.Requests[^1].Target, StringComparison.Ordinal);
        Assert.EndsWith("/y/main/binary-amd64/Packages.xz", _second.Requests[^1].Target, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dir/dists/x/InRelease")] // the director may know better now
    [InlineData("/dir/dists/x/Release")]
    [InlineData("/dirty/pool/a.deb")]
    [InlineData("/pool/a.deb")]
    public async Task Send_AReleaseOrAnotherArchivesFile_AsksItsOwnAddress(string path)
    {
        await GetAsync(Release);

        await GetAsync(path);

        Assert.Equal(path, _director.Requests[^1].Target);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Send_TheMirrorDoesNotHaveIt_AsksTheOwnAddressOnce(int status)
    {
        await GetAsync(Release);
        SendTo(_second);
        _first.Script(Answer.Error(status));

        Assert.Equal(HttpStatusCode.OK, await GetAsync(Package));

        Assert.Single(_second.Requests);
        Assert.Equal(2, _director.Requests.Count);
    }

    [Fact]
    public async Task Send_TheMirrorLacksOneFile_TheOthersStillComeFromThere()
    {
        await GetAsync(Release);
        SendTo(_second);
        _first.Script(Answer.Error(404)); // apt asks for names that need not be there

        await GetAsync(Package);
        await GetAsync(Index);

        Assert.Equal(3, _first.Requests.Count);
    }

    [Fact]
    public async Task Send_TheMirrorIsDown_TheOwnAddressFromThenOn()
    {
        await GetAsync(Release);
        SendTo(_second);
        await _first.DisposeAsync();

        Assert.Equal(HttpStatusCode.OK, await GetAsync(Package));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(Index));
        Assert.Equal(2, _second.Requests.Count);
    }

    [Fact]
    public async Task Send_TheMirrorHangs_ItIsNotAskedAgain()
    {
        await GetAsync(Release);
        SendTo(_second);
        _first.Script(Answer.StallBeforeHeaders());
        using (var patience = new CancellationTokenSource())
        {
            var asking = SendAsync(Package, authorization: null, patience.Token);
            await _first.StalledAsync(Cancellation);
            await patience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        }

        Assert.Equal(HttpStatusCode.OK, await GetAsync(Package));
        Assert.Single(_second.Requests);
    }

    [Fact]
    public async Task Send_WhenItsTimeIsOver_AsksTheOwnAddress()
    {
        await GetAsync(Release);
        _time.Advance(_options.KeepMirror);

        await GetAsync(Package);

        Assert.Equal(2, _director.Requests.Count);
    }

    [Fact]
    public async Task Send_TheReleaseIsAnsweredHereAgain_AsksHere()
    {
        await GetAsync(Release);
        _director.Otherwise = _ => Answer.Right;
        await GetAsync(Release);

        await GetAsync(Package);

        Assert.Equal(Package, _director.Requests[^1].Target);
    }

    [Fact]
    public async Task Send_TheReleaseIsElsewhereUnderAnotherName_NothingIsLearned()
    {
        _director.Otherwise = _ => Answer.Redirect(_first.Url("/store?file=InRelease"));
        await GetAsync(Release);

        await GetAsync(Package);

        Assert.Equal(2, _director.Requests.Count);
    }

    [Fact]
    public async Task Send_WithAPassword_NobodyElseSeesIt()
    {
        await GetAsync(Release);

        await GetAsync(Package, "Basic Zm9vOmJhcg==");

        Assert.Equal("Basic Zm9vOmJhcg==", _director.Requests[^1]["Authorization"]);
        Assert.All(_first.Requests, request => Assert.Null(request["Authorization"]));
    }

    [Fact]
    public async Task Send_AReleaseWithAPassword_LeadsNobodyElsewhere()
    {
        await GetAsync(Release, "Basic Zm9vOmJhcg==");

        await GetAsync(Package);

        Assert.Equal(2, _director.Requests.Count);
    }

    public async ValueTask DisposeAsync()
    {
        _clients.Dispose();
        await _director.DisposeAsync();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    private void SendTo(FaultyServer mirror) =>
        _director.Otherwise = request => Answer.Redirect(mirror.Url(request.Target.Replace("/dir/", "/deb/", StringComparison.Ordinal)));

    private Task<HttpStatusCode> GetAsync(string path, string? authorization = null) => SendAsync(path, authorization, Cancellation);

    private async Task<HttpStatusCode> SendAsync(string path, string? authorization, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage();
        request.Headers.TryAddWithoutValidation("Authorization", authorization is null ? [] : [authorization]);
        var client = new OriginClient(_clients, new MirrorClock(TimeProvider.System));
        using var response = await client.SendAsync(_director.Origin(path), request, resolved: null, cancellationToken);
        await response.Content.CopyToAsync(Stream.Null, cancellationToken);
        return response.StatusCode;
    }
}
