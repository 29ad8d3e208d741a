using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

/// <summary>A laptop that goes from one home to another, or to one where the line is up only after some time.</summary>
public sealed class OtherNetworkTests : IDisposable
{
    private readonly SimulatedNetwork _network = new(seed: 29);
    private readonly List<SimulatedNode> _world;
    private readonly SimulatedNode _laptop;

    public OtherNetworkTests()
    {
        _world = _network.Grow(60);
        _laptop = new SimulatedNode(
            _network, Subject.At("192.168.7.2:9977"), new KademliaOptions(), NodeId.Create(_network.Random), Router("34.5.6.7"))
        {
            Delay = TimeSpan.FromMilliseconds(5),
        };
        _laptop.Node.Start([_world[0].Endpoint]);
        _network.Time.Advance(TimeSpan.FromMinutes(30));
    }

    [Fact]
    public void NetworkChanged_AnotherHome_IsKnownByItsNewAddressWithinHalfAMinute()
    {
        var content = SimulatedNetworks.Content(1);
        _laptop.Node.Announce(content.Key(), content);
        _network.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(BoundNodeId.Complies(_laptop.Family.Id, Subject.At("34.5.6.7:1")));

        var home = Router("45.6.7.8");
        _laptop.Router = home;
        _laptop.Node.NetworkChanged();
        _network.Time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(home.Address, _laptop.Node.ExternalIn(v6: false)?.Address);
        Assert.True(BoundNodeId.Complies(_laptop.Family.Id, home.Address));
        _network.Time.Advance(TimeSpan.FromMinutes(2)); // announcements are spread
        Assert.Contains(
            home.Address.WithPort(SimulatedNetworks.Port),
            SimulatedSearch.Run(_network, _world[30], content.Key()).Peers.Select(static found => found.Peer));
    }

    [Fact]
    public void NetworkChanged_LineIsUpAfterMinutes_IsBackWithinHalfAMinuteOfThat()
    {
        _network.CanPass = (from, to) => from.Endpoint.Address != Subject.At("45.6.7.8:1").Address;
        _laptop.Router = Router("45.6.7.8");
        _laptop.Node.NetworkChanged();
        _network.Time.Advance(TimeSpan.FromMinutes(5)); // a captive portal

        _network.CanPass = static (_, _) => true;
        var heard = _laptop.Node.Traffic.PacketsIn;
        Assert.True(_network.RunUntil(() => _laptop.Node.Traffic.PacketsIn > heard + 8, TimeSpan.FromSeconds(30)));
        var announced = _network.Announce([.. _world[..20]], 5);
        Assert.Equal(5, _network.Find([_laptop], announced).Found);
    }

    public void Dispose() => _laptop.Dispose();

    private SimulatedRouter Router(string address) => new(_network, Subject.At($"{address}:9977"));
}
