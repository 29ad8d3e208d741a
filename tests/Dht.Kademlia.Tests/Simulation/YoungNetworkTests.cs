using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Routing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

/// <summary>
/// The first nodes of a network: each in a home of its own, behind a router, and none knows its public address. One is passed through, so
/// that it can be the bootstrap node of the others.
/// </summary>
public sealed class YoungNetworkTests(ITestOutputHelper output)
{
    private readonly SimulatedNetwork _network = new(seed: 27);

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(10, true)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(10, false)]
    public void Find_FewNodesAndBootstrapAlone_WhatEachAnnouncesIsStoredAndFoundByAll(int count, bool othersAnswer)
    {
        var homes = Enumerable.Range(0, count).Select(Home).ToList();
        foreach (var (node, _) in homes)
        {
            if (node != homes[0].Node && !othersAnswer)
            {
                node.Node.SetStanding(v6: false, new Standing { AnswersWorld = false });
            }

            node.Node.Start(node == homes[0].Node ? [] : [homes[0].Outside]);
            _network.Time.Advance(TimeSpan.FromSeconds(2));
        }

        for (var i = 0; i < count; i++)
        {
            var content = SimulatedNetworks.Content(i);
            homes[i].Node.Node.Announce(content.Key(), content);
        }

        _network.Time.Advance(TimeSpan.FromSeconds(30));

        var keys = Enumerable.Range(0, count).Select(static number => SimulatedNetworks.Content(number).Key()).ToList();
        output.WriteLine($"kept on: {string.Join(' ', keys.Select(key => homes.Count(home => home.Node.Node.Knows(key))))}");
        Assert.All(
            homes[1..], static home => Assert.True(BoundNodeId.Complies(home.Node.Family.Id, home.Outside), "its id does not fit"));
        for (var i = 0; i < count; i++)
        {
            foreach (var (finder, _) in homes.Where(home => home != homes[i]))
            {
                var search = SimulatedSearch.Run(_network, finder, SimulatedNetworks.Content(i).Key());
                Assert.Equal(homes[i].Outside.WithPort(SimulatedNetworks.Port), Assert.Single(search.Peers).Peer);
            }
        }

        Assert.All(keys[1..], key => Assert.True(homes[0].Node.Node.Knows(key), "it is not kept"));
    }

    private (SimulatedNode Node, UdpEndpoint Outside) Home(int index)
    {
        var router = new SimulatedRouter(_network, SimulatedNetworks.Address(index));
        var node = new SimulatedNode(
            _network, Subject.At($"192.168.{index + 1}.2:9977"), new KademliaOptions(), NodeId.Create(_network.Random), router)
        {
            Delay = SimulatedNetworks.RandomDelay(_network.Random),
        };
        if (index == 0)
        {
            router.Forward(node);
        }

        return (node, router.OutsideOf(node));
    }
}
