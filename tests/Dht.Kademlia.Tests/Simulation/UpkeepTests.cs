using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

public sealed class UpkeepTests(ITestOutputHelper output)
{
    [Fact]
    public void Upkeep_IdleHour_CostsLittleAndNothingGrows()
    {
        const int Nodes = 120;
        var network = new SimulatedNetwork(seed: 30);
        var nodes = network.Grow(Nodes);
        network.Time.Advance(TimeSpan.FromHours(1));
        var (bytes, datagrams) = (network.Bytes, network.Datagrams);

        network.Time.Advance(TimeSpan.FromHours(1));

        // What a node sends and what it receives, with 28 bytes of IP and UDP headers each.
        var perSecond = 2.0 * (network.Bytes - bytes + (28 * (network.Datagrams - datagrams))) / 3600 / Nodes;
        output.WriteLine(
            $"idle: {perSecond:F0} B/s per node, both ways, with headers; {(network.Datagrams - datagrams) / 3600.0 / Nodes:F2} "
            + $"datagrams/s; table {nodes.Average(static node => node.Family.Table.Count):F0}");
        Assert.InRange(perSecond, 1, 300);
        Assert.All(nodes, static node =>
        {
            Assert.InRange(node.Node.Counts.PendingQueries, 0, 20);
            Assert.InRange(node.Node.Counts.Deadlines, 0, 50);
            Assert.InRange(node.Family.Table.Count, 30, 200);
        });
    }
}
