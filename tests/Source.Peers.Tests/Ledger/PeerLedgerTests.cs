using System.Net;
using AptP2P.Source.Peers.Ledger;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Source.Peers.Tests.Ledger;

public sealed class PeerLedgerTests
{
    private readonly VirtualTime _time = new();
    private readonly PeerLedger _ledger;

    public PeerLedgerTests() => _ledger = new PeerLedger(Home.Parties, _time);

    [Fact]
    public void Balances_SomePeers_TheBusiestFirst()
    {
        Open("198.51.100.1").Sent(10);
        Open("198.51.100.2").Received(100);
        Open("198.51.100.2").Sent(5);
        Open("198.51.100.3"); // exchanged nothing

        Assert.Equal(
            [("198.51.100.2", 100, 5), ("198.51.100.1", 0, 10)],
            _ledger.Balances.Select(peer => (peer.Address.ToString(), peer.Received, peer.Sent)));
    }

    [Fact]
    public void Balances_AddressesOfOneHost_AreOnePeer()
    {
        Open("2001:db8:1:2::a").Sent(10);
        Open("2001:db8:1:2::b").Sent(10);
        Open("2001:db8:1:3::a").Sent(1);

        Assert.Equal(
            [("2001:db8:1:2::a", 20), ("2001:db8:1:3::a", 1)], _ledger.Balances.Select(peer => (peer.Address.ToString(), peer.Sent)));
    }

    [Fact]
    public void Balances_AfterAnHour_OnlyWhatWasExchangedSince()
    {
        Open("198.51.100.1").Received(100);
        _time.Advance(TimeSpan.FromMinutes(30));
        Open("198.51.100.1").Received(20);
        Open("198.51.100.2").Received(7);
        _time.Advance(TimeSpan.FromMinutes(35));

        Assert.Equal([20, 7], _ledger.Balances.Select(peer => peer.Received));

        _time.Advance(TimeSpan.FromHours(30));
        Open("198.51.100.2").Received(1);

        Assert.Equal(1, Assert.Single(_ledger.Balances).Received);
    }

    [Fact]
    public void Balances_AnExchangeEnded_ItsRateAndWhenItWas()
    {
        var account = Open("198.51.100.1");
        account.Received(1_000_000);
        account.Ended(1_000_000, TimeSpan.FromSeconds(2));
        account.Ended(1_000, TimeSpan.FromSeconds(2)); // too few to tell
        var seen = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromMinutes(1));

        var balance = Assert.Single(_ledger.Balances);

        Assert.Equal((500_000, seen), (balance.Rate, balance.Seen));
    }

    [Fact]
    public void Open_TooMany_TheOneSilentForLongestIsForgotten()
    {
        for (var i = 0; i <= PeerLedger.Remembered; i++)
        {
            Open($"198.51.100.{i}").Sent(1);
            _time.Advance(TimeSpan.FromSeconds(1));
            Open("198.51.100.0").Sent(1); // goes on
        }

        var peers = _ledger.Balances.Select(peer => peer.Address.ToString()).ToHashSet();

        Assert.Equal(PeerLedger.Remembered, peers.Count);
        Assert.Contains("198.51.100.0", peers);
        Assert.DoesNotContain("198.51.100.1", peers);
    }

    private PeerAccount Open(string address) => _ledger.Open(IPAddress.Parse(address));
}
