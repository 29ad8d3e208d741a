using AptP2P.Dht.Kademlia.Configuration;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

public sealed class BurstTests
{
    [Fact]
    public void Find_FiveHundredKeysAtOnceOfOneNeighbour_AllAreFoundAndFewPacketsFlyAtATime()
    {
        var network = new SimulatedNetwork(seed: 60);
        var nodes = network.Grow(2);
        var contents = Enumerable.Range(0, 500).Select(static number => SimulatedNetworks.Content(number)).ToList();
        contents.ForEach(content => nodes[0].Node.Announce(content.Key(), content));
        network.Time.Advance(TimeSpan.FromSeconds(10));

        var searches = contents.Select(content => SimulatedSearch.Start(network, nodes[1], content.Key())).ToList();
        Assert.InRange(nodes[1].Node.Counts.PendingQueries, 1, new KademliaOptions().MaxSearchesAtOnce);
        network.RunUntil(() => searches.TrueForAll(static search => search.Done is not null), TimeSpan.FromSeconds(60));

        Assert.All(searches, static search => Assert.Single(search.Peers));
    }
}
