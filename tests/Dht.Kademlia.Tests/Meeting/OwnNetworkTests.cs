using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Meeting;
using AptP2P.Dht.Kademlia.Tests.Simulation;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Meeting;

/// <summary>What is said of how the network was found, in virtual time.</summary>
public sealed class OwnNetworkTests : IDisposable
{
    private readonly SimulatedNetwork _network = new(seed: 41);
    private readonly List<SimulatedNode> _others;
    private readonly SimulatedNode _node;
    private readonly OwnNetwork _own;

    public OwnNetworkTests()
    {
        _others = _network.Grow(6);
        _node = new SimulatedNode(_network, SimulatedNetworks.Address(500), new KademliaOptions());
        _own = new OwnNetwork(_node.Node, new ListedAddresses(), _network.Time);
        _node.Node.Start([]);
    }

    public void Dispose() => _node.Dispose();

    [Fact]
    public void FoundBy_AnotherCameByItself_IsOthers()
    {
        _others[0].Node.Enter([_node.Endpoint]);
        _network.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal((6, "others"), (_own.Count(), _own.FoundBy()));
    }

    [Fact]
    public void FoundBy_WhoWasNamedIsGone_IsOthers()
    {
        _own.Enter(Way.Bootstrap, [_others[0].Endpoint]);
        _network.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((6, "Bootstrap"), (_own.Count(), _own.FoundBy()));

        _network.CanPass = (from, to) => from != _others[0] && to != _others[0];
        _network.Time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal((5, "others"), (_own.Count(), _own.FoundBy()));
    }
}
