using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Routing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

/// <summary>Two hosts behind one router that does not send back what is meant for its own address.</summary>
public sealed class SameRouterTests : IDisposable
{
    private readonly SimulatedNetwork _network = new(seed: 28);
    private readonly List<SimulatedNode> _world;
    private readonly SimulatedRouter _router;
    private readonly SimulatedNode _one;
    private readonly SimulatedNode _other;

    public SameRouterTests()
    {
        _world = _network.Grow(30);
        _router = new SimulatedRouter(_network, Subject.At("34.5.6.7:9977"));
        (_one, _other) = (Host(1), Host(2));
        _one.Node.Start([_world[0].Endpoint]);
        _other.Node.Start([_world[1].Endpoint]);
        _network.Time.Advance(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void Find_PeerAtTheRoutersAddress_IsHandedOnUnlessItIsShownToBeOurs()
    {
        var content = SimulatedNetworks.Content(1);
        _one.Node.Announce(content.Key(), content);
        _network.Time.Advance(TimeSpan.FromSeconds(10));
        var outside = _router.Address.WithPort(SimulatedNetworks.Port);

        Assert.Equal(outside, Assert.Single(SimulatedSearch.Run(_network, _other, content.Key()).Peers).Peer);
        Assert.Equal(outside, Assert.Single(SimulatedSearch.Run(_network, _one, content.Key()).Peers).Peer); // it cannot know
        _one.Node.SetStanding(v6: false, new Standing { MappedTcp = outside });
        Assert.Empty(SimulatedSearch.Run(_network, _one, content.Key()).Peers);
    }

    [Fact]
    public void Enter_NeighbourKnownFromElsewhere_IsKnownByItsLocalAddressFromThenOn()
    {
        // by the router's address and the port that the router gave it
        Assert.DoesNotContain(_one.Family.Table.Contacts, static contact => contact.Endpoint.IsLocal());

        _one.Node.Enter([_other.Endpoint]);
        _network.Time.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal(_other.Endpoint, _one.Family.Table.Contacts.Single(contact => contact.Id == _other.Family.Id).Endpoint);
        Assert.Equal(_one.Endpoint, _other.Family.Table.Contacts.Single(contact => contact.Id == _one.Family.Id).Endpoint);
    }

    [Fact]
    public void Find_AfterTheNeighbourIsKnown_ItsLocalAddressIsAmongThePeers()
    {
        _one.Node.Enter([_other.Endpoint]);
        _network.Time.Advance(TimeSpan.FromSeconds(5));
        var content = SimulatedNetworks.Content(1);
        _other.Node.Announce(content.Key(), content);
        _network.Time.Advance(TimeSpan.FromSeconds(10));

        var peers = SimulatedSearch.Run(_network, _one, content.Key()).Peers.ConvertAll(static found => found.Peer);

        Assert.Contains(_other.Endpoint, peers);
        Assert.Contains(_router.Address.WithPort(SimulatedNetworks.Port), peers);
        Assert.Equal(2, peers.Count);
    }

    [Fact]
    public void Query_ThatComesBackToUs_ShowsThatTheEndpointIsOurs()
    {
        var subject = new Subject(v4: Subject.At("0.0.0.0:9977"));
        var outside = Subject.At("34.5.6.7:9977");
        subject.Node.Start([outside]);
        Assert.False(subject.V4.IsSelf(outside));
        var (_, query) = Assert.Single(subject.TakeSent());

        Assert.Empty(subject.Exchange(query, Subject.At("192.168.1.1:9977"))); // a router that sends it back does so in its own name

        Assert.True(subject.V4.IsSelf(outside));
        Assert.Equal((0, 0), (subject.V4.Table.Count, subject.Node.Counts.PendingQueries));
    }

    public void Dispose()
    {
        _one.Dispose();
        _other.Dispose();
    }

    private SimulatedNode Host(int number) =>
        new(_network, Subject.At($"192.168.7.{number}:9977"), new KademliaOptions(), NodeId.Create(_network.Random), _router)
        {
            Delay = TimeSpan.FromMilliseconds(1),
        };
}
