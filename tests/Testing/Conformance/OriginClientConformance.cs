using System.Net;
using AptP2P.Testing.Http;
using Xunit;

namespace AptP2P.Testing.Conformance;

/// <summary>What every <see cref="IOriginClient"/> must do.</summary>
public abstract class OriginClientConformance : IAsyncDisposable
{
    private readonly FaultyServer _server = FaultyServer.Start("127.20.0.4", TestContent.Bytes(1000));

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract IOriginClient Client { get; }

    /// <summary>A host that the rules under test do not let <see cref="OriginReach.Public"/> reach.</summary>
    protected abstract string RefusedHost { get; }

    [Fact]
    public async Task Send_Redirected_TheAnswerFromThereAndItsAddress()
    {
        _server.Script(Answer.Redirect("/there"));

        using var response = await SendAsync("/here");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(_server.Url("/there"), response.RequestMessage?.RequestUri?.ToString());
    }

    [Fact]
    public async Task Send_Resolved_AsksThereAtOnce()
    {
        using var response = await SendAsync("/here", "/there");

        Assert.Equal(["/there"], _server.Requests.Select(request => request.Target));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task Send_ResolvedHasHadItsTime_AsksTheOriginOnce(int status)
    {
        _server.Script(Answer.Error(status), Answer.Error(status));

        using var response = await SendAsync("/here", "/there");

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(["/there", "/here"], _server.Requests.Select(request => request.Target));
    }

    [Fact]
    public async Task Send_ARange_IsForBothAddresses()
    {
        _server.Script(Answer.Error(403));
        using var request = new HttpRequestMessage { Headers = { Range = new(10, 19) } };

        using var response = await Client.SendAsync(_server.Origin("/here"), request, new Uri(_server.Url("/there")), Cancellation);

        Assert.Equal(10, response.Content.Headers.ContentLength);
        Assert.All(_server.Requests, asked => Assert.Equal("bytes=10-19", asked["Range"]));
    }

    [Fact]
    public async Task Send_ToWhereTheClientMayNot_ARefusalIsInside()
    {
        using var request = new HttpRequestMessage();

        var failure = await Assert.ThrowsAsync<HttpRequestException>(async () =>
            await Client.SendAsync(new Origin("http", RefusedHost, 80, "/", OriginReach.Public), request, resolved: null, Cancellation));

        Assert.IsType<OriginRefusedException>(failure.GetBaseException());
    }

    public virtual async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private Task<HttpResponseMessage> SendAsync(string path, string? resolved = null) =>
        Client.SendAsync(
            _server.Origin(path), new HttpRequestMessage(), resolved is null ? null : new Uri(_server.Url(resolved)), Cancellation);
}
