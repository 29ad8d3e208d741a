using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Routing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Routing;

public sealed class NetworkSizeTests
{
    [Theory]
    [InlineData(100)]
    [InlineData(10_000)]
    [InlineData(1_000_000)]
    public void Estimate_RandomNodes_IsRightWithinAThird(int nodes)
    {
        var random = new Random(9);
        var size = new NetworkSize();
        for (var lookup = 0; lookup < 15; lookup++)
        {
            Add(size, nodes, random);
        }

        Assert.InRange(size.Estimate, nodes * 0.67, nodes * 1.5);
        Assert.InRange(size.ExpectedDistance(8), 8 / (nodes * 1.5), 8 / (nodes * 0.66));
    }

    [Fact]
    public void Estimate_OneCrowdedKey_DoesNotMatter()
    {
        var random = new Random(9);
        var size = new NetworkSize();
        for (var lookup = 0; lookup < 14; lookup++)
        {
            Add(size, lookup % 3 == 0 ? 1_000_000 : 1000, random);
        }

        Assert.InRange(size.Estimate, 500, 2000);
    }

    // The nearest of n uniform points: gaps are exponential.
    private static void Add(NetworkSize size, int nodes, Random random)
    {
        Span<NodeId> distances = stackalloc NodeId[8];
        Span<byte> bytes = stackalloc byte[NodeId.Size];
        var at = 0.0;
        for (var i = 0; i < distances.Length; i++)
        {
            at += -Math.Log(1 - random.NextDouble()) / nodes;
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)(Math.Min(at, 0.999) * ulong.MaxValue));
            distances[i] = new NodeId(bytes);
        }

        size.Add(distances);
    }
}
