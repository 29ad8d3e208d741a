using AptP2P.Dht.Kademlia.Routing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

public sealed class PartitionTests(ITestOutputHelper output)
{
    [Fact]
    public void Find_NetworkCutInTwoForHoursAndWholeAgain_BothHalvesFindEachOther()
    {
        var network = new SimulatedNetwork(seed: 20);
        var nodes = network.Grow(100);
        var half = nodes.Take(50).ToHashSet();
        network.CanPass = (from, to) => half.Contains((SimulatedNode)from) == half.Contains((SimulatedNode)to);
        network.Time.Advance(TimeSpan.FromHours(3));
        Assert.DoesNotContain(nodes, node => node.Family.Table.Contacts.Any(contact => half.Contains(node) != Of(contact)));

        network.CanPass = static (_, _) => true;
        network.Time.Advance(TimeSpan.FromMinutes(40));
        var announced = network.Announce(nodes, 50);
        var statistics = network.Find(nodes, announced);

        output.WriteLine($"after three hours apart: {statistics}");
        Assert.Equal(50, statistics.Found);

        bool Of(Contact contact) => half.Any(node => node.Endpoint == contact.Endpoint);
    }

    [Fact]
    public void Find_OwnLineDownForAnHour_IsBackWithinMinutes()
    {
        var network = new SimulatedNetwork(seed: 21);
        var nodes = network.Grow(60);
        var cut = nodes[30];
        network.CanPass = (from, to) => from != cut && to != cut;
        network.Time.Advance(TimeSpan.FromHours(1));
        network.CanPass = static (_, _) => true;
        network.Time.Advance(TimeSpan.FromMinutes(6));

        var announced = network.Announce([cut], 5);
        announced.AddRange(network.Announce([.. nodes.Where(node => node != cut)], 10).Skip(5));

        Assert.Equal(5, network.Find([.. nodes.Where(node => node != cut)], announced[..5]).Found);
        Assert.Equal(5, network.Find([cut], announced[5..]).Found);
    }
}
