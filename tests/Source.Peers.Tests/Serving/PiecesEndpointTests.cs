using System.Net;
using AptP2P.Source.Peers.Messages;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Serving;

/// <summary>What any plain HTTP client learns of the pieces of a content.</summary>
public sealed class PiecesEndpointTests() : EndpointTest("127.22.1.2")
{
    [Fact]
    public async Task Pieces_PieceThatOnlyAPeerVouchesFor_NamedApart()
    {
        await Node.ShareAsync(Bytes, have: piece => piece == 0, passes: piece => piece == 1);

        using var response = await SendAsync(HttpMethod.Get, Url("/p2p/pieces/" + Shared.Hash));

        Assert.True(PieceListMessage.TryRead(await BodyAsync(response), Bytes.Length, out _, out var progress));
        Assert.Equal([true, false, false], progress!.Has);
        Assert.Equal([false, true, false], progress.Passes);
    }

    [Fact]
    public async Task Pieces_Complete_TheListWithoutHave()
    {
        using var response = await SendAsync(HttpMethod.Get, Url("/p2p/pieces/" + Shared.Hash));

        Assert.Equal(PieceListMessage.Write(Bytes.Length, Pieces, null), await BodyAsync(response));
    }

    [Fact]
    public async Task Pieces_Incomplete_TheListAndWhatIsThere()
    {
        await Node.ShareAsync(Bytes, Pieces, have: piece => piece == 2);

        using var response = await SendAsync(HttpMethod.Get, Url("/p2p/pieces/" + Shared.Hash));

        Assert.Equal(
            PieceListMessage.Write(Bytes.Length, Pieces, new FetchProgress(1, [false, false, true], [false, false, false])),
            await BodyAsync(response));
    }

    [Fact]
    public async Task Pieces_IncompleteAndNoList_WhatIsThere()
    {
        await Node.ShareAsync(Bytes, have: piece => piece == 2);

        using var response = await SendAsync(HttpMethod.Get, Url("/p2p/pieces/" + Shared.Hash));

        Assert.Equal(
            PieceListMessage.Write(Bytes.Length, null, new FetchProgress(1, [false, false, true], [false, false, false])),
            await BodyAsync(response));
    }

    [Fact]
    public async Task Pieces_OnePiece_ItsOwnHash()
    {
        var small = await Node.ShareAsync(Bytes[..1000]);

        using var response = await SendAsync(HttpMethod.Get, Url("/p2p/pieces/" + small.Hash));

        Assert.True(PieceListMessage.TryRead(await BodyAsync(response), 1000, out var list, out _));
        Assert.Equal(small.Hash, Assert.Single(list!.Pieces));
    }

    [Fact]
    public async Task Pieces_ManyPiecesButNoList_404()
    {
        var content = await Node.ShareAsync(TestContent.Bytes(600_000, seed: 3));

        using var response = await SendAsync(HttpMethod.Get, Url("/p2p/pieces/" + content.Hash));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }
}
