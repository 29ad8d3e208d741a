using System.Numerics;
using AptP2P.Dht.Kademlia.Addressing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Addressing;

public sealed class NodeIdTests
{
    private readonly Random _random = new(1);

    [Fact]
    public void CompareTo_ManyPairs_AgreesWithBigIntegers()
    {
        for (var i = 0; i < 1000; i++)
        {
            var (a, b) = (NodeId.Create(_random), NodeId.Create(_random));
            Assert.Equal(Number(a).CompareTo(Number(b)), a.CompareTo(b));
            Assert.Equal(Number(a) ^ Number(b), Number(a ^ b));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(159)]
    public void WithCommonPrefix_AnyLength_SharesExactlySoMany(int bits)
    {
        var id = NodeId.Create(_random);

        Assert.Equal(bits, id.CommonPrefix(id.WithCommonPrefix(bits, _random)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(64)]
    [InlineData(160)]
    public void Region_AnyLength_HoldsExactlyWhatSharesThePrefix(int bits)
    {
        var id = NodeId.Create(_random);
        var (first, last) = id.Region(bits);

        Assert.True(first.CompareTo(id) <= 0 && id.CompareTo(last) <= 0);
        Assert.Equal(bits, first.CommonPrefix(last));
        Assert.Equal(BigInteger.One << (160 - bits), Number(last) - Number(first) + 1);
    }

    [Fact]
    public void ThreeBits_AnyOffset_ReadsTheBits()
    {
        var id = NodeId.Create(_random);
        for (var from = 0; from <= 157; from++)
        {
            Assert.Equal((int)((Number(id) >> (157 - from)) & 7), id.ThreeBits(from));
        }
    }

    private static BigInteger Number(NodeId id) => new(id.ToArray(), isUnsigned: true, isBigEndian: true);
}
