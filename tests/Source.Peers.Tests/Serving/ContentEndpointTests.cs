using System.Net;
using AptP2P.Source.Peers.Messages;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Serving;

/// <summary>What any plain HTTP client gets of a content.</summary>
public sealed class ContentEndpointTests() : EndpointTest("127.22.1.1")
{
    [Fact]
    public async Task Content_Get_AllWithItsHeaders()
    {
        using var response = await SendAsync(HttpMethod.Get, Content);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Bytes, await BodyAsync(response));
        Assert.Equal($"\"{Shared.Hash}\"", response.Headers.ETag!.Tag);
        Assert.Equal("bytes", response.Headers.AcceptRanges.ToString());
        Assert.Equal(
            $"sha-256=:{Convert.ToBase64String(Shared.Hash.ToArray())}:", Assert.Single(response.Headers.GetValues("Repr-Digest")));
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
    public async Task Content_RangeOfAnEmptyContent_416()
    {
        var empty = await Node.ShareAsync([]);

        using var response = await SendAsync(HttpMethod.Get, Url(ContentName.PathOf(empty.Hash)), ("Range", "bytes=0-"));

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
        Assert.Equal("bytes */0", response.Content.Headers.ContentRange!.ToString());
    }

    [Fact]
    public async Task Content_IfRange_PartOnlyForThisTag()
    {
        using var same = await SendAsync(HttpMethod.Get, Content, ("Range", "bytes=0-9"), ("If-Range", $"\"{Shared.Hash}\""));
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
    [InlineData("bytes=0-524287", true)]
    [InlineData("bytes=1048576-1199999", true)]
    [InlineData("bytes=0-524288", false)]
    [InlineData("bytes=600000-600000", false)]
    [InlineData("bytes=0-", false)]
    public async Task Content_Incomplete_VerifiedRangesOnly(string range, bool verified)
    {
        await Node.ShareAsync(Bytes, Pieces, have: piece => piece != 1);

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
        await Node.ShareAsync(Bytes, have: piece => piece == 0, passes: piece => piece == 1);

        using var response = await SendAsync(
            HttpMethod.Get, Content,
            [("Range", $"bytes={piece * 524_288}-{(piece * 524_288) + 9}"), .. takes is null ? [] : new[] { ("P2P-Passing", takes) }]);

        Assert.Equal(given ? HttpStatusCode.PartialContent : HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal([":gA==:"], response.Headers.GetValues("P2P-Have")); // piece 0
        // piece 1
        Assert.Equal(takes == "?1" ? [":QA==:"] : [], response.Headers.TryGetValues("P2P-Passing", out var passing) ? passing : []);
    }
}
