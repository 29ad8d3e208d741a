using System.Net;
using AptP2P.Source.Peers.Configuration;
using AptP2P.Source.Peers.Reputation;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Reputation;

public sealed class NearPeersTests
{
    private readonly VirtualTime _time = new();
    private readonly NearPeers _near;

    public NearPeersTests() =>
        _near = new NearPeers(Microsoft.Extensions.Options.Options.Create(new PeersOptions { Neighbours = 3 }), _time);

    [Fact]
    public void Seen_MoreThanAreAsked_TheOneThatWasSilentForLongestGoes()
    {
        foreach (var number in new[] { 1, 2, 3, 1, 4 })
        {
            _near.Seen(Peer(number));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([Peer(4), Peer(1), Peer(3)], _near.All);
    }

    [Fact]
    public void Seen_MadeUpOnes_DoNotDisplaceOneThatHasGivenSomething()
    {
        _near.Seen(Peer(1));
        _near.WasGood(Peer(1));
        for (var number = 2; number < 100; number++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _near.Seen(Peer(number));
        }

        Assert.Equal([Peer(99), Peer(98), Peer(1)], _near.All);
    }

    [Fact]
    public void All_SilentForTooLong_IsForgotten()
    {
        _near.Seen(Peer(1));
        _near.Seen(Peer(2));
        _time.Advance(NearPeers.Silence / 2);
        _near.Seen(Peer(1));
        _time.Advance(NearPeers.Silence / 2);

        Assert.Equal([Peer(1)], _near.All);
        Assert.False(_near.Contains(Peer(2)));
    }

    [Fact]
    public void Good_OnlyThoseThatGaveSomething_AlsoAfterTheirNextSignOfLife()
    {
        _near.Seen(Peer(1));
        _near.Seen(Peer(2));

        Assert.True(_near.WasGood(Peer(2)));
        Assert.False(_near.WasGood(Peer(3)));
        _near.Seen(Peer(2));

        Assert.Equal([Peer(2)], _near.Good);
    }

    private static IPEndPoint Peer(int number) => new(IPAddress.Parse($"192.168.1.{number}"), 9977);
}
