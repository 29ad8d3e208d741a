using AptP2P.Source.Peers.Messages;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Messages;

public sealed class HaveMessageTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(512)]
    public void TryRead_Written_SameHashes(int count)
    {
        var hashes = Enumerable.Range(0, count).Select(seed => new ContentHash(TestContent.Bytes(ContentHash.Size, seed))).ToArray();

        Assert.Equal(hashes, HaveMessage.TryRead(HaveMessage.Write(hashes)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(513 * 32)]
    public void TryRead_NotHashesOrTooMany_Null(int length) => Assert.Null(HaveMessage.TryRead(new byte[length]));

    [Fact]
    public void BitField_Set_HighestBitFirst()
    {
        var field = new byte[BitField.LengthFor(10)];
        BitField.Set(field, 0);
        BitField.Set(field, 9);

        Assert.Equal([0x80, 0x40], field);
        Assert.Equal([0, 9], Enumerable.Range(0, 10).Where(i => BitField.Has(field, i)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(8192)]
    public void HaveHeader_Written_ReadAgain(int pieces)
    {
        var field = HaveHeader.TryRead(HaveHeader.Write(pieces, piece => piece % 3 == 0)!, pieces)!;

        Assert.All(Enumerable.Range(0, pieces), piece => Assert.Equal(piece % 3 == 0, BitField.Has(field, piece)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("::")]
    [InlineData("oA==")]
    [InlineData(":oA==")]
    [InlineData(":oKA=:")] // two bytes
    [InlineData(":o*==:")]
    [InlineData(":\u00e9\u00e9\u00e9\u00e9:")]
    [InlineData(":oA==:, :oA==:")]
    public void HaveHeader_NotRightForThreePieces_Null(string value) => Assert.Null(HaveHeader.TryRead(value, 3));

    [Fact]
    public void HaveHeader_VeryManyPieces_None() => Assert.Null(HaveHeader.Write(8193, _ => true));
}
