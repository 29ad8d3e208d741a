using AptP2P.Dht.Kademlia.Addressing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

public sealed class SybilTests(ITestOutputHelper output)
{
    /// <summary>As many hostile nodes as honest ones, in a few /24s, each with the id nearest to the key that its address allows.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Find_KeySurrounded_HonestValueIsStillFound(int subnets)
    {
        const int Honest = 250;
        var network = new SimulatedNetwork(seed: 70);
        var nodes = network.Grow(Honest);
        var content = SimulatedNetworks.Content(1);
        var hostile = new List<HostileNode>();
        for (var i = 0; i < Honest; i++)
        {
            var address = UdpEndpoint.FromV4(0x50000000 + ((uint)(i % subnets) << 16) + (uint)(i / subnets) + 1, 6881);
            _ = new HostileNode(network, address, HostileNode.NearestId(address, content.Key(), network.Random), hostile)
            {
                Delay = SimulatedNetworks.RandomDelay(network.Random),
            };
        }

        foreach (var node in hostile)
        {
            for (var i = 0; i < 10; i++)
            {
                node.Introduce(nodes[network.Random.Next(nodes.Count)].Endpoint);
            }

            network.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        network.Time.Advance(TimeSpan.FromMinutes(20));
        var announcer = nodes[7];
        announcer.Node.Announce(content.Key(), content);
        network.Time.Advance(TimeSpan.FromSeconds(30));

        var statistics = network.Find(nodes, [.. Enumerable.Repeat((content, announcer), 100)]);

        output.WriteLine($"{Honest} hostile nodes in {subnets} subnets: {statistics}");
        Assert.InRange(statistics.Share, 0.95, 1);
    }

    /// <summary>
    /// Hostile nodes around the key, each in a subnet of its own, with ids that they chose. In a young network such nodes would be stored
    /// on, since there are no others.
    /// </summary>
    [Fact]
    public void Find_KeySurroundedByChosenIds_NothingIsStoredOnThem()
    {
        var network = new SimulatedNetwork(seed: 71);
        var nodes = network.Grow(100);
        var content = SimulatedNetworks.Content(1);
        var hostile = new List<HostileNode>();
        for (var i = 0; i < 100; i++)
        {
            var address = UdpEndpoint.FromV4(0x50000001 + ((uint)i << 16), 6881);
            _ = new HostileNode(network, address, content.Key().WithCommonPrefix(40, network.Random), hostile)
            {
                Delay = SimulatedNetworks.RandomDelay(network.Random),
            };
            hostile[^1].Introduce(nodes[i].Endpoint);
            hostile[^1].Introduce(nodes[network.Random.Next(nodes.Count)].Endpoint);
            network.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        network.Time.Advance(TimeSpan.FromMinutes(20));
        nodes[7].Node.Announce(content.Key(), content);
        network.Time.Advance(TimeSpan.FromSeconds(30));
        var statistics = network.Find(nodes, [.. Enumerable.Repeat((content, nodes[7]), 100)]);

        output.WriteLine($"hostile nodes with ids of their choice: {statistics}");
        Assert.Equal(0, hostile.Sum(static node => node.Told));
        Assert.Equal(100, statistics.Found);
    }
}
