using System.Net;
using AptP2P.Source.Peers.Messages;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Serving;

/// <summary>What all answers have in common.</summary>
public sealed class AnswersTests() : EndpointTest("127.22.1.4")
{
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

    [Fact]
    public async Task Any_ReachIsOff_404()
    {
        await using var node = await PeerNode.StartAsync("127.22.1.14", reach: PeerReach.Off);
        var content = await node.ShareAsync(Bytes, Pieces);

        foreach (var path in new[] { ContentName.PathOf(content.Hash), PieceListMessage.Folder + content.Hash })
        {
            using var answer = await SendAsync(HttpMethod.Get, new Uri($"http://{node.EndPoint}{path}"));
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        using var have = await SendAsync(HttpMethod.Post, new Uri($"http://{node.EndPoint}{HaveMessage.Path}"));
        Assert.Equal(HttpStatusCode.NotFound, have.StatusCode);
    }

    [Fact]
    public async Task Any_TooManyFromOneAddress_503()
    {
        var large = await Node.ShareAsync(TestContent.Bytes(40_000_000)); // more than all buffers on the way, so these do not end
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

    private async Task<Dictionary<string, object?>> StatusAsync() =>
        (await Node.Status.ReadAsync(PeerNode.Cancellation)).OfType<StatusValue>().ToDictionary(item => item.Key, item => item.Value);
}
