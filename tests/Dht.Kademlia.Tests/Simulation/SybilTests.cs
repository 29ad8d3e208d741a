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
}
