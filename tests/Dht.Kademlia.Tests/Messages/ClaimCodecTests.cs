using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Tests.Simulation;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Messages;

public sealed class ClaimCodecTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Decode_FewPieces_GivesTheListItself(int pieces)
    {
        var content = SimulatedNetworks.Content(1, pieces);

        var claim = ClaimCodec.Decode(ClaimCodec.Encode(content.Length, content.Pieces), out var target);

        Assert.Equal(content.Pieces!.Pieces, claim?.List?.Pieces);
        Assert.Equal(content.Pieces.Digest, claim?.Digest);
        Assert.Null(target);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(31, true)]
    [InlineData(40, false)]
    public void Decode_ManyPieces_GivesTheDigestAndWhereTheListIs(int pieces, bool stored)
    {
        var content = WithPieces(pieces);

        var encoded = ClaimCodec.Encode(content.Length, content.Pieces);
        var claim = ClaimCodec.Decode(encoded, out var target);

        Assert.InRange(encoded.Length, 1, new KademliaOptions().MaxClaimLength);
        Assert.Equal((content.Pieces!.Digest, null, content.Length), (claim!.Digest, claim.List, claim.Length));
        Assert.Equal(stored, target is not null);
        if (stored)
        {
            var item = ClaimCodec.ToItem(content.Pieces);
            Assert.InRange(item.Length, 1, KrpcMessage.MaxItemLength);
            Assert.Equal(NodeId.HashOf(item), target);
            Assert.Equal(content.Pieces.Pieces, ClaimCodec.FromItem(item, claim)?.Pieces);
        }
    }

    [Fact]
    public void Encode_OnePiece_IsNothing() => Assert.Empty(ClaimCodec.Encode(100, null));

    [Fact]
    public void FromItem_AnotherList_IsRefused()
    {
        var claim = ClaimCodec.Decode(ClaimCodec.Encode(WithPieces(6).Length, WithPieces(6).Pieces), out _)!;

        Assert.Null(ClaimCodec.FromItem(ClaimCodec.ToItem(WithPieces(7).Pieces!), claim));
        Assert.Null(ClaimCodec.FromItem(PlainBencode.Encode(new string('x', 192)), claim));
        Assert.Null(ClaimCodec.FromItem("i7e"u8, claim));
        Assert.Null(ClaimCodec.FromItem("garbage"u8, claim));
    }

    [Theory]
    [InlineData("de")]
    [InlineData("d1:li0ee")]
    [InlineData("d1:li-5ee")]
    [InlineData("d1:li5ee")]
    [InlineData("d1:d3:abc1:li5ee")]
    [InlineData("d1:li5e1:p3:abce")]
    [InlineData("d1:dle1:lle1:plee")]
    [InlineData("d1:li9223372036854775807e1:p64:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaae")]
    [InlineData("le")]
    [InlineData("")]
    public void Decode_Nonsense_IsNothing(string text) => Assert.Null(ClaimCodec.Decode(PlainBencode.Bytes(text), out _));

    private static Announcement WithPieces(int count)
    {
        var length = 1L;
        while (PieceList.CountFor(length) != count)
        {
            length += 512 << 10;
        }

        var hash = ContentHash.Of("a piece"u8);
        return new Announcement(hash, length, new PieceList(length, [.. Enumerable.Repeat(hash, count)]));
    }
}
