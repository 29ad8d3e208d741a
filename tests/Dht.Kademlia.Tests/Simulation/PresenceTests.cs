using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Meeting;
using AptP2P.Testing;
using AptP2P.Testing.InMemory;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

/// <summary>What is said of being in the network: a line when that changes, and none while it does not.</summary>
public sealed class PresenceTests
{
    private const int Joined = 2005;
    private const int Alone = 2006;

    private static readonly TimeSpan Patience = new KademliaOptions().GoodNodeLife;
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    private readonly SimulatedNetwork _network = new(seed: 22);
    private readonly LogLines<Presence> _log = new();

    private IEnumerable<int> Said => _log.All.Select(line => line.Id);

    [Fact]
    public void Look_NobodyHasAnswered_SaysNothing()
    {
        using var looking = LookAt(_network.Grow(1)[0]);

        _network.Time.Advance(TimeSpan.FromHours(3));

        Assert.Empty(Said);
    }

    [Fact]
    public void Look_JoinedLostAndBack_ALineEach()
    {
        var node = _network.Grow(1)[0];
        using var looking = LookAt(node);
        _network.Join(1, [node]);
        _network.Join(2, [node]);

        _network.Time.Advance(2 * Look);
        Assert.Equal([Joined], Said);
        _network.Time.Advance(TimeSpan.FromHours(3));
        Assert.Equal([Joined], Said); // it keeps asking, so that it goes on hearing

        _network.CanPass = static (_, _) => false;
        _network.Time.Advance(Patience / 2);
        Assert.Equal([Joined], Said);
        _network.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal([Joined, Alone], Said);

        _network.CanPass = static (_, _) => true;
        _network.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal([Joined, Alone, Joined], Said);
    }

    /// <summary>Looks now and then, as the service does.</summary>
    private ITimer LookAt(SimulatedNode node)
    {
        var presence = new Presence(Patience, _log);
        var own = new OwnNetwork(node.Node, new ListedAddresses(), _network.Time);
        return _network.Time.CreateTimer(_ => presence.Look(node.Node, own), null, Look, Look);
    }
}
