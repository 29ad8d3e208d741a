using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptP2P.Abstractions.Tests;

public sealed class PieceListTests
{
    private const long KiB = 1 << 10;
    private const long MiB = 1 << 20;

    private static readonly Gen<long> Lengths = Gen.Choose(0, 42)
        .SelectMany(shift => Gen.Choose(-2, 2).Select(offset => Math.Max(0, (1L << shift) + offset)));

    [Theory]
    [InlineData(0, 512 * KiB, 1)]
    [InlineData(1, 512 * KiB, 1)]
    [InlineData(512 * KiB, 512 * KiB, 1)]
    [InlineData((512 * KiB) + 1, 512 * KiB, 2)]
    [InlineData(100_000_000, 512 * KiB, 191)]
    [InlineData(512 * MiB, 512 * KiB, 1024)]
    [InlineData((512 * MiB) + 1, 1 * MiB, 513)]
    [InlineData((1024 * MiB) + 1, 2 * MiB, 513)]
    [InlineData((2048 * MiB) + 1, 4 * MiB, 513)]
    [InlineData(8192 * MiB, 4 * MiB, 2048)]
    public void PieceLengthFor_Length_IsAsTheProtocolSays(long length, long pieceLength, int count)
    {
        Assert.Equal(pieceLength, PieceList.PieceLengthFor(length));
        Assert.Equal(count, PieceList.CountFor(length));
    }

    [Fact]
    public void CountFor_AnyLength_PiecesCoverItExactly() =>
        Property.Holds(Lengths, length =>
        {
            var (count, pieceLength) = (PieceList.CountFor(length), (long)PieceList.PieceLengthFor(length));
            return (count == 1 || (count - 1) * pieceLength < length)
                && length <= count * pieceLength
                && (pieceLength == 4 * MiB || count <= 1024);
        });

    [Fact]
    public void TryRead_BytesOfAList_GivesAnEqualList()
    {
        var list = ListOf(3 * 512 * KiB);

        var back = PieceList.TryRead(list.Length, list.ToBytes())!;

        Assert.Equal(list.Pieces, back.Pieces);
        Assert.Equal(list.Digest, back.Digest);
        Assert.Equal(ContentHash.Of(list.ToBytes()), list.Digest);
    }

    [Fact]
    public void TryRead_AnyOtherNumberOfBytes_IsRefused() =>
        Property.Holds(Lengths, Gen.Choose(0, 40 * ContentHash.Size), (length, bytes) =>
            (PieceList.TryRead(length, new byte[bytes]) is not null) == (bytes == (long)PieceList.CountFor(length) * ContentHash.Size));

    [Theory]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void TryRead_LengthThatNoFileHas_IsRefused(long length) => Assert.Null(PieceList.TryRead(length, new byte[ContentHash.Size]));

    [Fact]
    public void New_WrongCount_Throws() => Assert.Throws<ArgumentException>(() => new PieceList(2 * MiB, [default]));

    private static PieceList ListOf(long length) =>
        new(length, [.. Enumerable.Range(0, PieceList.CountFor(length)).Select(i => ContentHash.Of([(byte)i]))]);
}
