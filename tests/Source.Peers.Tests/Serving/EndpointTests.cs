using System.Net;
using System.Net.Http.Headers;
using AptP2P.Source.Peers.Messages;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Serving;

/// <summary>What any plain HTTP client gets from a peer.</summary>
public sealed class EndpointTests : IAsyncLifetime
{
    private static readonly byte[] Bytes = TestContent.Bytes(1_200_000);
    private static readonly PieceList Pieces = TestContent.PiecesOf(Bytes);

    private readonly HttpClient _client = new();
    private PeerNode _node = null!;
    private Content _content = null!;

    private Uri Content => Url(ContentName.PathOf(_content.Hash));

    public async ValueTask InitializeAsync()
    {
        _node = await PeerNode.StartAsync("127.22.1.1", set: options => options.UploadsPerAddress = 2);
        _content = await _node.ShareAsync(Bytes, Pieces);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Content_Get_AllWithItsHeaders()
    {
        using var response = await SendAsync(HttpMethod.Get, Content);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Bytes, await BodyAsync(response));
        Assert.Equal($"\"{_content.Hash}\"", response.Headers.ETag!.Tag);
        Assert.Equal("bytes", response.Headers.AcceptRanges.ToString());
        Assert.Equal(
            $"sha-256=:{Convert.ToBase64String(_content.Hash.ToArray())}:", Assert.Single(response.Headers.GetValues("Repr-Digest")));
        Assert.Contains("immutable", response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=524288-1048575", 524_288, 1_048_576)]
    [InlineData("bytes=-100", 1_199_900, 1_200_000)]
    public async Task Content_Range_PartialContent(string range, int start, int end)
    {
        using var response = await SendAsync(HttpMethod.Get, Content, ("Range", range));

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal($"bytes {start}-{end - 1}/1200000", response.Content.Headers.ContentRange!.ToString());
        Assert.Equal(Bytes[start..end], await BodyAsync(response));
    }

    [Fact]
    public async Task Content_SeveralRanges_All()
    {
        using var response = await SendAsync(HttpMethod.Get, Content, ("Range", "bytes=0-1,5-6"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Content_RangeBehindTheEnd_416WithTheLengthAndABody()
    {
        using var response = await SendAsync(HttpMethod.Get, Content, ("Range", "bytes=1200000-"));

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
        Assert.Equal("bytes */1200000", response.Content.Headers.ContentRange!.ToString());
        Assert.NotEmpty(await BodyAsync(response));
    }

    [Fact]
    public async Task Content_IfRange_PartOnlyForThisTag()
    {
        using var same = await SendAsync(HttpMethod.Get, Content, ("Range", "bytes=0-9"), ("If-Range", $"\"{_content.Hash}\""));
        using var other = await SendAsync(HttpMethod.Get, Content, ("Range", "bytes=0-9"), ("If-Range", "\"other\""));

        Assert.Equal(HttpStatusCode.PartialContent, same.StatusCode);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Content_Head_HeadersOnly()
    {
        using var response = await SendAsync(HttpMethod.Head, Content);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Bytes.Length, response.Content.Headers.ContentLength);
        Assert.Empty(await BodyAsync(response));
    }

    [Theory]
    [InlineData("/.well-known/ni/sha-256/f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGk")]
    [InlineData("/.well-known/ni/sha-256/nonsense")]
    [InlineData("/.well-known/ni/sha-256/a%2Fb")]
    [InlineData("/p2p/pieces/0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("/p2p/pieces/xyz")]
    public async Task Any_NotShared_404WithABody(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, Url(path));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.NotEmpty(await BodyAsync(response));
    }

    [Theory]
    [InlineData("bytes=0-524287", true)]
    [InlineData("bytes=1048576-1199999", true)]
    [InlineData("bytes=0-524288", false)]
    [InlineData("bytes=600000-600000", false)]
    [InlineData("bytes=0-", false)]
    public async Task Content_Incomplete_VerifiedRangesOnly(string range, bool verified)
    {
        await _node.ShareAsync(Bytes, Pieces, have: piece => piece != 1);

        using var response = await SendAsync(HttpMethod.Get, Content, ("Range", range));

        Assert.Equal(verified ? HttpStatusCode.PartialContent : HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(verified, response.Headers.RetryAfter is null);
        Assert.NotEmpty(await BodyAsync(response));
    }

    [Theory]
    [InlineData(null, 0, true)]
    [InlineData(null, 1, false)]
    [InlineData("?0", 1, false)]
    [InlineData("?1", 1, true)]
    [InlineData("?1", 2, false)]
    public async Task Content_PieceThatOnlyAPeerVouchesFor_OnlyToWhoTakesItAsThat(string? takes, int piece, bool given)
    {
        await _node.ShareAsync(Bytes, have: piece => piece == 0, passes: piece => piece == 1);

        using var response = await SendAsync(
            HttpMethod.Get, Content,
            [("Range", $"bytes={piece * 524_288}-{(piece * 524_288) + 9}"), .. takes is null ? [] : new[] { ("P2P-Passing", takes) }]);

        Assert.Equal(given ? HttpStatusCode.PartialContent : HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal([":gA==:"], response.Headers.GetValues("P2P-Have")); // piece 0
        // piece 1
        Assert.Equal(takes == "?1" ? [":QA==:"] : [], response.Headers.TryGetValues("P2P-Passing", out var passing) ? passing : []);
    }

    [Fact]
    public async Task Pieces_PieceThatOnlyAPeerVouchesFor_NamedApart()
    {
        await _node.ShareAsync(Bytes, have: piece => piece == 0, passes: piece => piece == 1);

        using var response = await SendAsync(HttpMethod.Get, Url("/p2p/pieces/" + _content.Hash));

        Assert.True(PieceListMessage.TryRead(await BodyAsync(response), Bytes.Length, out _, out var progress));
        Assert.Equal([true, false, false], progress!.Has);
        Assert.Equal([false, true, false], progress.Passes);
    }

    [Fact]
    public async Task Pieces_Complete_TheListWithoutHave()
    {
        using var response = await SendAsync(HttpMethod.Get, Url("/p2p/pieces/" + _content.Hash));

        Assert.Equal(PieceListMessage.Write(Bytes.Length, Pieces, null), await BodyAsync(response));
    }

    [Fact]
    public async Task Pieces_Incomplete_TheListAndWhatIsThere()
    {
        await _node.ShareAsync(Bytes, Pieces, have: piece => piece == 2);

        using var response = await SendAsync(HttpMethod.Get, Url("/p2p/pieces/" + _content.Hash));

        Assert.Equal(
            PieceListMessage.Write(Bytes.Length, Pieces, new FetchProgress(1, [false, false, true], [false, false, false])),
            await BodyAsync(response));
    }

    [Fact]
    public async Task Pieces_IncompleteAndNoList_WhatIsThere()
    {
        await _node.ShareAsync(Bytes, have: piece => piece == 2);

        using var response = await SendAsync(HttpMethod.Get, Url("/p2p/pieces/" + _content.Hash));

        Assert.Equal(
            PieceListMessage.Write(Bytes.Length, null, new FetchProgress(1, [false, false, true], [false, false, false])),
            await BodyAsync(response));
    }

    [Fact]
    public async Task Pieces_OnePiece_ItsOwnHash()
    {
        var small = await _node.ShareAsync(Bytes[..1000]);

        using var response = await SendAsync(HttpMethod.Get, Url("/p2p/pieces/" + small.Hash));

        Assert.True(PieceListMessage.TryRead(await BodyAsync(response), 1000, out var list, out _));
        Assert.Equal(small.Hash, Assert.Single(list!.Pieces));
    }

    [Fact]
    public async Task Pieces_ManyPiecesButNoList_404()
    {
        var content = await _node.ShareAsync(TestContent.Bytes(600_000, seed: 3));

        using var response = await SendAsync(HttpMethod.Get, Url("/p2p/pieces/" + content.Hash));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Have_Hashes_ABitEach()
    {
        var partial = await _node.ShareAsync(TestContent.Bytes(600_000, seed: 3), have: _ => false);

        var field = await PostAsync(HaveMessage.Write([ContentHash.Of("none"u8), _content.Hash, partial.Hash]));

        Assert.Equal((HttpStatusCode.OK, "40"), (field.Status, Convert.ToHexString(field.Body)));
    }

    [Theory]
    [InlineData(0, HttpStatusCode.OK)]
    [InlineData(512 * 32, HttpStatusCode.OK)]
    [InlineData(31, HttpStatusCode.BadRequest)]
    [InlineData(513 * 32, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Have_Size_WithinTheLimit(int size, HttpStatusCode expected) =>
        Assert.Equal(expected, (await PostAsync(new byte[size])).Status);

    [Fact]
    public async Task Have_MoreThanTheRate_429()
    {
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 20; i++) // 10,240 hashes
        {
            statuses.Add((await PostAsync(new byte[512 * 32])).Status);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.TooManyRequests], statuses.Distinct());
    }

    [Fact]
    public async Task Have_ChunkedBody_Refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Url(HaveMessage.Path)) { Content = new ByteArrayContent(new byte[32]) };
        request.Headers.TransferEncodingChunked = true;
        using var response = await _client.SendAsync(request, PeerNode.Cancellation);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Any_TooManyFromOneAddress_503()
    {
        var large = await _node.ShareAsync(TestContent.Bytes(40_000_000)); // more than all buffers on the way, so these do not end
        using var one = await SendAsync(HttpMethod.Get, Url(ContentName.PathOf(large.Hash)));
        using var two = await SendAsync(HttpMethod.Get, Url(ContentName.PathOf(large.Hash)));

        using var refused = await SendAsync(HttpMethod.Get, Content);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.NotEmpty(await BodyAsync(refused));
        Assert.Equal(2, (await StatusAsync())["uploads"]);
    }

    [Fact]
    public async Task Status_AfterUploads_CountsThem()
    {
        using var response = await SendAsync(HttpMethod.Get, Content, ("Range", "bytes=0-99999"));
        await BodyAsync(response);

        Assert.Equal(100_000L, (await StatusAsync())["sent"]);
    }

    private static Task<byte[]> BodyAsync(HttpResponseMessage response) => response.Content.ReadAsByteArrayAsync(PeerNode.Cancellation);

    private async Task<Dictionary<string, object?>> StatusAsync() =>
        (await _node.Status.ReadAsync(PeerNode.Cancellation)).OfType<StatusValue>().ToDictionary(item => item.Key, item => item.Value);

    private Uri Url(string path) => new($"http://{_node.EndPoint}{path}");

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri uri, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var request = new HttpRequestMessage(method, uri);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, PeerNode.Cancellation);
    }

    private async Task<(HttpStatusCode Status, byte[] Body)> PostAsync(byte[] message)
    {
        using var content = new ByteArrayContent(message)
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") },
        };
        using var response = await _client.PostAsync(Url(HaveMessage.Path), content, PeerNode.Cancellation);
        return (response.StatusCode, await BodyAsync(response));
    }
}
