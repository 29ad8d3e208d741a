using System.Net;
using AptP2P.Source.Peers.Configuration;
using AptP2P.Source.Peers.Reputation;
using AptP2P.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Reputation;

public sealed class PeerReputationTests
{
    private readonly VirtualTime _time = new();
    private readonly PeerReputation _reputation;

    public PeerReputationTests() =>
        _reputation = new PeerReputation(
            Microsoft.Extensions.Options.Options.Create(new PeersOptions { KnownPeers = 3 }), _time, NullLogger<PeerReputation>.Instance);

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
