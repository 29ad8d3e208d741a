using System.Net;
using System.Net.Http.Headers;
using AptP2P.Source.Peers.Messages;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Serving;

/// <summary>What any plain HTTP client hears when it asks which contents are here.</summary>
public sealed class HaveEndpointTests() : EndpointTest("127.22.1.5")
{
    [Fact]
    public async Task Have_Hashes_ABitEach()
    {
        var partial = await Node.ShareAsync(TestContent.Bytes(600_000, seed: 3), have: _ => false);

        var field = await PostAsync(HaveMessage.Write([ContentHash.Of("none"u8), Shared.Hash, partial.Hash]));

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
        using var response = await Client.SendAsync(request, PeerNode.Cancellation);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    private async Task<(HttpStatusCode Status, byte[] Body)> PostAsync(byte[] message)
    {
        using var content = new ByteArrayContent(message)
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") },
        };
        using var response = await Client.PostAsync(Url(HaveMessage.Path), content, PeerNode.Cancellation);
        return (response.StatusCode, await BodyAsync(response));
    }
}
