using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Routing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

/// <summary>Hosts behind one router, in a network of others elsewhere.</summary>
public sealed class UnreachableTests
{
    private static readonly Standing Unreachable = new() { AnswersWorld = false, AnnouncesToWorld = false };

    private readonly SimulatedNetwork _network = new(seed: 25);
    private readonly List<SimulatedNode> _world;
    private readonly SimulatedRouter _router;
    private readonly List<SimulatedNode> _home = [];

    public UnreachableTests()
    {
        _world = _network.Grow(30);
        _router = new SimulatedRouter(_network, Subject.At("34.5.6.7:9977"));
        for (var i = 0; i < 3; i++)
        {
            var node = new SimulatedNode(
                _network, Subject.At($"192.168.7.{i + 1}:9977"), new KademliaOptions(), NodeId.Create(_network.Random), _router)
            {
                Delay = TimeSpan.FromMilliseconds(1),
            };
            node.Node.SetStanding(v6: false, Unreachable);
            node.Node.Start([_world[i].Endpoint, .. _home.Select(static other => other.Endpoint)]);
            _home.Add(node);
        }

        _network.Time.Advance(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Announce_Unreachable_OnlyNearNodesAreToldAndFindIt()
    {
        var content = SimulatedNetworks.Content(1);
        var announced = _home[0].Node.Announce(content.Key(), content);
        _network.Time.Advance(TimeSpan.FromMinutes(40)); // it is also announced again

        Assert.True(announced.IsCompletedSuccessfully);
        Assert.DoesNotContain(_world, node => node.Node.Knows(content.Key()));
        Assert.All(_home[1..], node => Assert.Equal(
            _home[0].Endpoint, Assert.Single(SimulatedSearch.Run(_network, node, content.Key()).Peers).Peer));
        Assert.Empty(SimulatedSearch.Run(_network, _world[9], content.Key()).Peers);
    }

    [Fact]
    public void Find_Unreachable_WhatOthersElsewhereHaveIsFound()
    {
        var announced = _network.Announce(_world, 20);

        Assert.Equal(20, _network.Find(_home, announced).Found);
    }

    [Fact]
    public void Announce_ListOfManyPieces_IsPutOnNearNodesOnly()
    {
        var content = SimulatedNetworks.Content(1, pieces: 9);
        _home[0].Node.Announce(content.Key(), content);
        _network.Time.Advance(TimeSpan.FromSeconds(20));

        Assert.All(_home[1..], static node => Assert.Equal(1, node.Node.Counts.StoredItems));
        Assert.All(_world, static node => Assert.Equal(0, node.Node.Counts.StoredItems));
    }

    [Fact]
    public void SetStanding_ReachableAtLast_EverythingIsKnownElsewhereWithinTwoMinutesAtThePortThatWasMapped()
    {
        var contents = Enumerable.Range(0, 50).Select(static number => SimulatedNetworks.Content(number)).ToList();
        contents.ForEach(content => _home[0].Node.Announce(content.Key(), content));
        _network.Time.Advance(TimeSpan.FromMinutes(1));
        _router.Forward(_home[0]);
        var mapped = _router.Address.WithPort(4711);

        _home[0].Node.SetStanding(v6: false, new Standing { MappedTcp = mapped });
        _network.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.All(contents, content => Assert.Equal(
            mapped, Assert.Single(SimulatedSearch.Run(_network, _world[9], content.Key()).Peers).Peer));
        Assert.All(contents, content => Assert.Contains(
            _home[0].Endpoint, SimulatedSearch.Run(_network, _home[1], content.Key()).Peers.Select(static found => found.Peer)));
    }
}
