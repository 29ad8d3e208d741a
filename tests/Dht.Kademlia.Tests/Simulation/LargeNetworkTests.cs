using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

/// <summary>Hundreds of nodes with round trips of 20 to 300 ms.</summary>
public sealed class LargeNetworkTests(ITestOutputHelper output)
{
    private const int Nodes = 1000;
    private const int Keys = 100;

    [Fact]
    public void Find_HealthyThenAThirdDead_EveryKeyThatIsKeptIsFound()
    {
        var network = new SimulatedNetwork(seed: 10);
        var nodes = network.Grow(Nodes);
        var announced = network.Announce(nodes, Keys);

        var healthy = network.Find(nodes, announced);
        foreach (var dead in nodes.Where(_ => network.Random.NextDouble() < 0.3).ToList())
        {
            network.Kill(dead);
            nodes.Remove(dead);
        }

        var kept = announced.Count(item => nodes.Exists(node => node.Node.Knows(item.Content.Key()))); // now and then all eight have died
        var crippled = network.Find(nodes, announced);

        output.WriteLine($"healthy: {healthy}");
        output.WriteLine($"30 % dead: {crippled}");
        Assert.Equal(Keys, healthy.Found);
        Assert.InRange(healthy.Queries, 8, 30);
        Assert.InRange(kept, Keys - 2, Keys);
        Assert.Equal(kept, crippled.Found);
        Assert.InRange(crippled.DoneMedian, TimeSpan.Zero, TimeSpan.FromSeconds(1.2));
    }

    [Fact]
    public void Find_EveryFifthDatagramLost_NearlyEveryKeyIsFound()
    {
        var network = new SimulatedNetwork(seed: 11) { Loss = 0.2 };
        var nodes = network.Grow(400);
        var announced = network.Announce(nodes, Keys);

        var statistics = network.Find(nodes, announced);

        output.WriteLine($"20 % loss: {statistics}");
        Assert.InRange(statistics.Share, 0.98, 1);
    }

    [Fact]
    public void Find_HalfOfTheNodesBehindNat_EveryKeyIsFound()
    {
        var network = new SimulatedNetwork(seed: 12);
        var nodes = new List<SimulatedNode>();
        for (var i = 0; i < 400; i++)
        {
            var reachable = nodes.Where(static node => !node.IsBehindNat).ToList();
            nodes.Add(network.Join(i, reachable, nat: i >= 10 && i % 2 == 0));
            network.Time.Advance(TimeSpan.FromMilliseconds(50));
        }

        network.Time.Advance(TimeSpan.FromMinutes(5)); // past the life of the routers' mappings
        var announced = network.Announce(nodes, Keys);

        var statistics = network.Find(nodes, announced);

        output.WriteLine($"half behind NAT: {statistics}");
        Assert.InRange(statistics.Share, 0.98, 1);
    }

    [Fact]
    public void Find_HalfOfTheNodesReplacedInAnHour_KeysOfLivingNodesAreFound()
    {
        const int Count = 200;
        var network = new SimulatedNetwork(seed: 13);
        var nodes = network.Grow(Count);
        var announced = network.Announce(nodes, Keys);
        var next = Count;
        for (var replaced = 0; replaced < Count / 2; replaced++)
        {
            var gone = nodes[network.Random.Next(nodes.Count)];
            network.Kill(gone);
            nodes.Remove(gone);
            nodes.Add(network.Join(next++, nodes));
            network.Time.Advance(TimeSpan.FromHours(1) / (Count / 2));
        }

        var statistics = network.Find(nodes, [.. announced.Where(item => nodes.Contains(item.By))]);

        output.WriteLine($"half replaced in an hour: {statistics}");
        Assert.InRange(statistics.Share, 0.98, 1);
    }
}
