using System.Net;
using System.Net.Http.Headers;
using AptP2P.Testing;
using AptP2P.Testing.Http;
using Xunit;

namespace AptP2P.Abstractions.Tests.Testing;

/// <summary>The faults are what they say: else tests of who survives them prove nothing.</summary>
public sealed class FaultyServerTests : IAsyncDisposable
{
    private static readonly byte[] Content = TestContent.Bytes(1000);

    private readonly FaultyServer _server = FaultyServer.Start("127.20.0.1", Content);
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    [Fact]
    public async Task Right_NoRange_AllWithValidators()
    {
        using var response = await GetAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Content, await BodyAsync(response));
        Assert.Equal(_server.ETag, response.Headers.ETag!.Tag);
    }

    [Theory]
    [InlineData(10, 19L, 10, 20)]
    [InlineData(990, null, 990, 1000)]
    [InlineData(0, 999L, 0, 1000)]
    public async Task Right_Range_PartialContent(int from, long? to, int start, int end)
    {
        using var response = await GetAsync(new RangeHeaderValue(from, to));

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(Content[start..end], await BodyAsync(response));
        Assert.Equal($"bytes {start}-{end - 1}/1000", response.Content.Headers.ContentRange!.ToString());
    }

    [Fact]
    public async Task Right_RangeBehindTheEnd_NotSatisfiable()
    {
        using var response = await GetAsync(new RangeHeaderValue(1000, null));

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cut_MidBody_EndsEarly(bool reset)
    {
        _server.Script(Answer.Cut(100, reset));

        using var response = await GetAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => BodyAsync(response));
        Assert.Equal(100, _server.BytesSent);
    }

    [Fact]
    public async Task Stall_Released_GoesOn()
    {
        _server.Script(Answer.Stall(100));

        using var response = await GetAsync();
        var body = BodyAsync(response);
        await _server.StalledAsync(TestContext.Current.CancellationToken);

        Assert.False(body.IsCompleted);
        Assert.Equal(100, _server.BytesSent);
        _server.Release();
        Assert.Equal(Content, await body);
    }

    [Fact]
    public async Task WrongByte_OneOffset_OnlyThatDiffers()
    {
        _server.Script(Answer.WrongByte(50));

        using var response = await GetAsync();
        var body = await BodyAsync(response);

        Assert.Equal([50], Enumerable.Range(0, body.Length).Where(i => body[i] != Content[i]));
    }

    [Fact]
    public async Task Script_Ended_RightAgainOnTheSameConnection()
    {
        _server.Script(Answer.Error(503), Answer.Redirect("/elsewhere"));

        using var first = await GetAsync();
        await BodyAsync(first);
        using var second = await GetAsync();
        await BodyAsync(second);
        using var third = await GetAsync();

        Assert.Equal((HttpStatusCode)503, first.StatusCode);
        Assert.Equal("/elsewhere", second.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
        Assert.Equal(1, _server.ConnectionCount);
        Assert.Equal(["/file", "/file", "/file"], _server.Requests.Select(request => request.Target));
    }

    [Fact]
    public async Task CloseAtOnce_Request_NoAnswer()
    {
        _server.Otherwise = _ => Answer.CloseAtOnce; // every time: a client may ask again by itself where no byte came

        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    private static Task<byte[]> BodyAsync(HttpResponseMessage response) =>
        response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

    private Task<HttpResponseMessage> GetAsync(RangeHeaderValue? range = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _server.Url("/file")) { Headers = { Range = range } };
        return _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }
}
