using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

public sealed class SmallNetworkTests
{
    [Fact]
    public void Find_NoOtherNodes_EndsAtOnce()
    {
        var network = new SimulatedNetwork(seed: 1);
        var alone = network.Grow(1)[0];

        var search = SimulatedSearch.Start(network, alone, SimulatedNetworks.Content(1).Key());

        Assert.Equal(TimeSpan.Zero, search.Done);
        Assert.Empty(search.Peers);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Find_FewNodes_EachFindsEveryOther(int count)
    {
        var network = new SimulatedNetwork(seed: 2);
        var nodes = network.Grow(count);
        for (var i = 0; i < count; i++)
        {
            var content = SimulatedNetworks.Content(i);
            var announced = nodes[i].Node.Announce(content.Key(), content);
            Assert.True(network.RunUntil(() => announced.IsCompleted, TimeSpan.FromSeconds(1)));
        }

        for (var i = 0; i < count; i++)
        {
            foreach (var finder in nodes.Where(node => node != nodes[i]))
            {
                Assert.Equal(
                    nodes[i].Endpoint, Assert.Single(SimulatedSearch.Run(network, finder, SimulatedNetworks.Content(i).Key()).Peers).Peer);
            }
        }
    }

    [Fact]
    public void Find_AnnouncedBeforeTheOtherCame_IsFoundByTheFirstLookup()
    {
        var network = new SimulatedNetwork(seed: 3);
        var first = network.Grow(1)[0];
        var content = SimulatedNetworks.Content(1);
        Assert.True(first.Node.Announce(content.Key(), content).IsCompletedSuccessfully);

        var second = network.Join(1, [first]);
        var search = SimulatedSearch.Run(network, second, content.Key());

        Assert.Equal(first.Endpoint, Assert.Single(search.Peers).Peer);
    }

    [Fact]
    public void Find_OwnContent_DoesNotFindOneself()
    {
        var network = new SimulatedNetwork(seed: 4);
        var nodes = network.Grow(3);
        var content = SimulatedNetworks.Content(1);
        nodes[0].Node.Announce(content.Key(), content);
        network.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Empty(SimulatedSearch.Run(network, nodes[0], content.Key()).Peers);
    }

    [Fact]
    public void Find_LastAnnouncerDied_TheOthersStillTell()
    {
        var network = new SimulatedNetwork(seed: 5);
        var nodes = network.Grow(4);
        var content = SimulatedNetworks.Content(1);
        nodes[0].Node.Announce(content.Key(), content);
        network.Time.Advance(TimeSpan.FromSeconds(5));
        network.Kill(nodes[0]);

        Assert.Equal(nodes[0].Endpoint, Assert.Single(SimulatedSearch.Run(network, nodes[3], content.Key()).Peers).Peer);
    }
}
