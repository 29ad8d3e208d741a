using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Routing;
using AptP2P.Dht.Kademlia.State;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

/// <summary>An upgrade of a library restarts all daemons within seconds of each other.</summary>
public sealed class StormTests(ITestOutputHelper output)
{
    /// <summary>
    /// Five of the nodes have a thousand contents. If all had, there would be eight million contacts; and what a restart costs depends on
    /// the nodes, since what is announced goes to a node in one datagram.
    /// </summary>
    [Fact]
    public void Restart_AThousandNodesWithinFiveSeconds_TrafficIsBoundedAndEverythingIsFoundThroughout()
    {
        var storm = new RestartStorm(nodes: 1000, static number => number % 200 == 0 ? 1000 : 4, seed: 80);

        var calm = storm.Watch(TimeSpan.FromSeconds(20));
        storm.Restart(within: TimeSpan.FromSeconds(5), down: TimeSpan.FromSeconds(2));
        var wild = storm.Watch(TimeSpan.FromSeconds(40));
        var after = storm.Watch(TimeSpan.FromSeconds(20));

        output.WriteLine($"before: {calm}");
        output.WriteLine($"storm: {wild}");
        output.WriteLine($"after: {after}");
        Assert.Equal((calm.Searches, wild.Searches, after.Searches), (calm.Found, wild.Found, after.Found));
        Assert.InRange(wild.Done(0.5), TimeSpan.Zero, 2 * calm.Done(0.5));
        Assert.InRange(wild.Done(0.95), TimeSpan.Zero, 2 * calm.Done(0.95));
        Assert.InRange(wild.WorstSecond, 1, 100);
        Assert.InRange(wild.WorstNode, 1, 500);
    }

    [Fact]
    public void Restart_ContentsThatAreNotDue_AreAnnouncedAgainWhenTheyAreAndNotBefore()
    {
        var network = new SimulatedNetwork(seed: 81);
        var nodes = network.Grow(30);
        var contents = Enumerable.Range(0, 200).Select(static number => SimulatedNetworks.Content(number)).ToList();
        contents.ForEach(content => nodes[3].Node.Announce(content.Key(), content));
        network.Time.Advance(TimeSpan.FromMinutes(5));

        var restarted = Restart(network, nodes[3]);
        restarted.Node.SetStanding(v6: false, new Standing { AnnouncesToWorld = false }); // not known yet
        network.Time.Advance(TimeSpan.FromSeconds(20));
        restarted.Node.SetStanding(v6: false, new Standing());
        network.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.InRange(restarted.Node.Traffic.PacketsOut, 20, 400); // to join; each content by itself would be thousands
        network.Time.Advance(TimeSpan.FromHours(1)); // what was announced before has been forgotten

        Assert.All(contents, content => Assert.InRange(nodes.Count(node => node.Node.Knows(content.Key())), 6, 30));
    }

    [Fact]
    public void Restart_RouterPassesAnotherPort_EverythingIsAnnouncedWithItSoon()
    {
        var network = new SimulatedNetwork(seed: 84);
        var nodes = network.Grow(30);
        var contents = Enumerable.Range(0, 20).Select(static number => SimulatedNetworks.Content(number)).ToList();
        contents.ForEach(content => nodes[3].Node.Announce(content.Key(), content));
        network.Time.Advance(TimeSpan.FromMinutes(1));

        var restarted = Restart(network, nodes[3]);
        var mapped = restarted.Endpoint.WithPort(4711);
        restarted.Node.SetStanding(v6: false, new Standing { MappedTcp = mapped });
        network.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.All(contents, content => Assert.Contains(
            mapped, SimulatedSearch.Run(network, nodes[20], content.Key()).Peers.Select(static found => found.Peer)));
    }

    [Fact]
    public void Restart_AfterADay_WhatIsOverdueIsSpread()
    {
        var network = new SimulatedNetwork(seed: 82);
        var nodes = network.Grow(30);
        var contents = Enumerable.Range(0, 50).Select(static number => SimulatedNetworks.Content(number)).ToList();
        contents.ForEach(content => nodes[3].Node.Announce(content.Key(), content));
        network.Time.Advance(TimeSpan.FromMinutes(1));
        var state = nodes[3].Node.Save();
        network.Kill(nodes[3]);
        network.Time.Advance(TimeSpan.FromDays(1));

        var restarted = Start(network, nodes[3], state);
        var due = restarted.Node.Save().Announced.Select(announced => announced.DueV4 - network.Time.GetUtcNow()).ToList();
        Assert.All(due, static left => Assert.InRange(left, TimeSpan.Zero, 2 * new KademliaOptions().AnnounceSpread));
        Assert.InRange(due.Max() - due.Min(), new KademliaOptions().AnnounceSpread / 2, new KademliaOptions().AnnounceSpread);
        network.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.All(contents, content => Assert.InRange(nodes.Count(node => node.Node.Knows(content.Key())), 6, 30));
    }

    [Fact]
    public void Find_JustAfterARestart_BeginsWithTheNodesThatWereSaved()
    {
        var network = new SimulatedNetwork(seed: 83);
        var nodes = network.Grow(200);
        var content = network.Announce([nodes[9]], 1)[0].Content;

        var restarted = Restart(network, nodes[3]);
        var search = SimulatedSearch.Run(network, restarted, content.Key());

        Assert.Equal(nodes[9].Endpoint, Assert.Single(search.Peers).Peer);
        Assert.InRange(search.Done!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    private static SimulatedNode Restart(SimulatedNetwork network, SimulatedNode node)
    {
        var state = NodeStateCodec.Decode(NodeStateCodec.Encode(node.Node.Save()).Span);
        network.Kill(node);
        return Start(network, node, state);
    }

    private static SimulatedNode Start(SimulatedNetwork network, SimulatedNode before, NodeState state)
    {
        var node = new SimulatedNode(network, before.Endpoint, new KademliaOptions(), state.IdV4) { Delay = before.Delay };
        node.Node.Restore(state);
        node.Node.Start(state.Nodes);
        return node;
    }
}
