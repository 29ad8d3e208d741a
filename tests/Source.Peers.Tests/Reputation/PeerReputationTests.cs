using System.Net;
using AptP2P.Source.Peers.Configuration;
using AptP2P.Source.Peers.Reputation;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Reputation;

public sealed class PeerReputationTests
{
    private readonly VirtualTime _time = new();
    private readonly NearPeers _near;
    private readonly PeerReputation _reputation;

    public PeerReputationTests()
    {
        var options = new PeersOptions { KnownPeers = 3, Neighbours = 4 };
        _near = new NearPeers(Microsoft.Extensions.Options.Options.Create(options), _time);
        _reputation = Home.NewReputation(options, _time, _near);
    }

    [Fact]
    public void Good_MoreThanAreKept_TheLatestFirst()
    {
        foreach (var number in new[] { 1, 2, 3, 1, 4 })
        {
            _reputation.WasGood(Peer(number));
        }

        Assert.Equal([Peer(4), Peer(1), Peer(3)], _reputation.Good);
    }

    [Fact]
    public void Good_Neighbours_TakeNoPlaceOfOthers()
    {
        for (var number = 11; number <= 14; number++)
        {
            _near.Seen(Peer(number));
        }

        foreach (var number in new[] { 1, 11, 2, 12, 3, 13, 14 })
        {
            _reputation.WasGood(Peer(number));
        }

        Assert.Equal([Peer(3), Peer(2), Peer(1)], _reputation.Good);
        Assert.Equal(4, _reputation.Neighbours.Count);
        Assert.Equal(3, _reputation.BestNeighbours.Count);
    }

    [Fact]
    public void Neighbours_OneIsAbsent_IsForgottenUntilItsNextSignOfLife()
    {
        _near.Seen(Peer(1));
        _reputation.WasAbsent(Peer(1));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(_reputation.Neighbours);

        _near.Seen(Peer(1));
        Assert.Equal([Peer(1)], _reputation.Neighbours);
    }

    [Fact]
    public void Neighbours_OneIsRefused_IsNotAskedThoughItIsThere()
    {
        _near.Seen(Peer(1));
        _reputation.WasWrong(Peer(1), "test");

        Assert.Empty(_reputation.Neighbours);
    }

    [Fact]
    public void ForgetAbsences_TheMachineIsElsewhere_AllAreWelcome()
    {
        _reputation.WasAbsent(Peer(1));

        _reputation.ForgetAbsences();

        Assert.True(_reputation.IsWelcome(Peer(1)));
    }

    [Fact]
    public void Good_AbsentThenBack_OnlyWhileItIsThere()
    {
        _reputation.WasGood(Peer(1));

        _reputation.WasAbsent(Peer(1));
        Assert.Empty(_reputation.Good);
        Assert.False(_reputation.IsWelcome(Peer(1)));

        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal([Peer(1)], _reputation.Good);
    }

    [Fact]
    public void Good_Wrong_NoLongerAndNotAtAnotherPort()
    {
        _reputation.WasGood(Peer(1));

        _reputation.WasWrong(Peer(1), "test");

        Assert.Empty(_reputation.Good);
        Assert.False(_reputation.IsWelcome(new IPEndPoint(Peer(1).Address, 5555)));
        Assert.True(_reputation.IsWelcome(Peer(2)));
    }

    private static IPEndPoint Peer(int number) => new(IPAddress.Parse($"192.0.2.{number}"), 9977);
}
