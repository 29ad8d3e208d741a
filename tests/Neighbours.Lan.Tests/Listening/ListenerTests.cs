using System.Net;
using System.Text;
using AptP2P.Neighbours.Lan.Configuration;
using AptP2P.Neighbours.Lan.Datagrams;
using AptP2P.Neighbours.Lan.Links;
using AptP2P.Neighbours.Lan.Listening;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Neighbours.Lan.Tests.Listening;

public sealed class ListenerTests : IAsyncDisposable
{
    private static readonly Link Ethernet =
        new(2, "eth0", false, IPAddress.Parse("192.168.1.5"), null, [IPNetwork.Parse("192.168.1.0/24")]);

    private readonly VirtualTime _time = new();
    private readonly LanHost _host;

    public ListenerTests() => _host = New(new LanOptions());

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public void Hear_ANeighbour_IsKnownAndSaidOnceWithoutItsAddress()
    {
        Assert.Equal(Sighting.New, Hear("192.168.1.7", TestDatagrams.Of()));
        Assert.Equal(Sighting.New, Hear("192.168.1.8", TestDatagrams.Of()));

        Assert.Equal(["192.168.1.7:9977", "192.168.1.8:9977"], _host.Known);
        Assert.Equal([6000, 6001, 6000], _host.ListenerLog.All.Select(line => line.Id));
        Assert.DoesNotContain("192.168", _host.ListenerLog.Texts[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Hear_TheSameAgain_IsARepetitionAndThenKnown() =>
        Assert.Equal(
            [Sighting.New, Sighting.Repeated, Sighting.Repeated, Sighting.Known],
            Enumerable.Range(0, 4).Select(_ => Hear("192.168.1.7", TestDatagrams.Of())));

    [Fact]
    public void Hear_AnotherDaemonOfThisMachine_IsANeighbour() =>
        Assert.Equal(Sighting.New, Hear("192.168.1.5", TestDatagrams.Of(port: 9978)));

    [Theory]
    [InlineData("192.168.1.5", 9977)] // ourselves, by a datagram with another's cookie
    [InlineData("192.168.1.7", 1023)]
    [InlineData("192.168.1.7", 80)]
    [InlineData("10.1.1.1", 9977)] // not on the link
    [InlineData("8.8.8.8", 9977)]
    [InlineData("127.0.0.1", 9977)]
    public void Hear_WhatNoNeighbourSays_IsRefused(string sender, int port)
    {
        Assert.Equal(Sighting.None, Hear(sender, TestDatagrams.Of(port)));

        Assert.Empty(_host.Known);
        Assert.Equal(1, _host.Metrics.Dropped);
    }

    [Fact]
    public void Hear_ByALinkThatIsNotUsed_IsRefused() =>
        Assert.Equal(Sighting.None, _host.Listener.Hear(null, ArrivalOf("192.168.1.7", TestDatagrams.Of())));

    [Fact]
    public void Hear_OurOwn_IsNeitherNewsNorDropped()
    {
        Assert.Equal(Sighting.None, Hear("192.168.1.5", TestDatagrams.Of(cookie: $"{_host.Environment.OwnMark}-3")));

        Assert.Equal((0, 0), (_host.Metrics.Received, _host.Metrics.Dropped));
    }

    [Theory]
    [InlineData("", "secret")]
    [InlineData("secret", "")]
    [InlineData("secret", "Secret")]
    public async Task Hear_ANetworkWithAnotherSecret_IsNotOurs(string ours, string theirs)
    {
        await using var host = New(new LanOptions(), new NetworkSecret(ours));

        Assert.Equal(Sighting.None, host.Listener.Hear(Ethernet, ArrivalOf("192.168.1.7", TestDatagrams.Of(secret: theirs))));
        Assert.Equal(Sighting.New, host.Listener.Hear(Ethernet, ArrivalOf("192.168.1.7", TestDatagrams.Of(secret: ours))));
    }

    [Fact]
    public void Hear_OthersSwarms_AreNotCountedAsOurDatagrams()
    {
        for (var i = 0; i < 100; i++)
        {
            Hear("192.168.1.7", TestDatagrams.Of(secret: "a torrent"));
        }

        Assert.Equal(Sighting.New, Hear("192.168.1.8", TestDatagrams.Of()));
    }

    [Fact]
    public void Hear_MoreThanIsReadInASecond_IsDroppedUntilTheNext()
    {
        for (var i = 0; i < 20; i++)
        {
            Hear($"192.168.1.{100 + i}", TestDatagrams.Of());
        }

        Assert.Equal(10, _host.Known.Count());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Sighting.New, Hear("192.168.1.119", TestDatagrams.Of()));
    }

    [Fact]
    public void Hear_ManyPortsOfOneAddress_AFewAreKept()
    {
        for (var port = 2000; port < 2010; port++)
        {
            Hear("192.168.1.7", TestDatagrams.Of(port));
        }

        Assert.Equal(new LanOptions().MaxNeighboursPerAddress, _host.Known.Count());
    }

    [Fact]
    public async Task Hear_ALinkLocalSender_KeepsItsInterface()
    {
        await using var host = New(new LanOptions());
        var link = new Link(2, "eth0", false, null, IPAddress.IPv6Any, [IPNetwork.Parse("fe80::/64")]);

        host.Listener.Hear(link, ArrivalOf("fe80::7%2", TestDatagrams.Of()));

        Assert.Equal(2, Assert.Single(host.Neighbourhood.Current).EndPoint.Address.ScopeId);
    }

    private Sighting Hear(string sender, string text) => _host.Listener.Hear(Ethernet, ArrivalOf(sender, text));

    private static Arrival ArrivalOf(string sender, string text) => new(2, IPAddress.Parse(sender), Encoding.ASCII.GetBytes(text));

    private LanHost New(LanOptions options, NetworkSecret? secret = null)
    {
        var port = new SimulatedLan().Connect("192.168.1.5", _time);
        return new((_, _) => port, _time, options, secret: secret, addresses: ["192.168.1.5"]);
    }
}
