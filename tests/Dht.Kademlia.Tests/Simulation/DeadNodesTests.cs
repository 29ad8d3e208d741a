using AptP2P.Dht.Kademlia.Configuration;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

public sealed class DeadNodesTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(5)]
    [InlineData(8)]
    public void Find_TwentyOfSixtyFourDiedSilently_EndsWithinASecond(int parallelism)
    {
        var options = new KademliaOptions { Parallelism = parallelism };
        var network = new SimulatedNetwork(seed: 80);
        var nodes = network.Grow(64, options);
        var announced = network.Announce(nodes, 100);
        var healthy = network.Find(nodes, announced);
        foreach (var dead in nodes.Skip(44).ToList())
        {
            network.Kill(dead);
            nodes.Remove(dead);
        }

        var crippled = network.Find(nodes, announced);

        output.WriteLine($"alpha {parallelism}: {healthy}");
        output.WriteLine($"alpha {parallelism}, 20 of 64 dead: {crippled}");
        Assert.Equal(100, healthy.Found);
        Assert.Equal(100, crippled.Found);
        Assert.InRange(crippled.DoneMedian, TimeSpan.Zero, TimeSpan.FromSeconds(0.6));
        Assert.InRange(crippled.Done95, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }
}
