using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Routing;
using AptP2P.Dht.Kademlia.State;
using AptP2P.Dht.Kademlia.Tests.Simulation;
using AptP2P.Testing;
using Xunit;
using static AptP2P.Dht.Kademlia.Tests.ForeignNodes;

namespace AptP2P.Dht.Kademlia.Tests.Node;

/// <summary>What a node does that others cannot reach, or only at another port; by raw datagrams.</summary>
public sealed class StandingTests
{
    private static readonly UdpEndpoint Far = Subject.At("203.0.113.5:6881");
    private static readonly UdpEndpoint Near = Subject.At("192.168.1.7:9977");

    private readonly Subject _subject = new(v4: Subject.At("0.0.0.0:9977"));

    [Fact]
    public void AnswersNobodyElsewhere_Queries_OfNearNodesAndPingsAreAnswered()
    {
        _subject.Node.SetStanding(v6: false, new Standing { AnswersWorld = false });
        (string, object)[] target = [("target", new byte[20])];

        Assert.Null(_subject.Ask(Far, "find_node", target));
        Assert.Equal(1L, _subject.Ask(Far, "ping")!["ro"]);
        Assert.DoesNotContain("ro", _subject.Ask(Near, "find_node", target)!.Keys);
        Assert.DoesNotContain("ro", _subject.Ask(Near, "ping")!.Keys);
    }

    [Fact]
    public void AnswersNobodyElsewhere_OwnQueries_SaySoToOthersThanNearNodes()
    {
        _subject.Node.SetStanding(v6: false, new Standing { AnswersWorld = false });
        _subject.Node.Start([Far, Near]);
        var sent = _subject.TakeSent().ToDictionary(
            static query => query.To, static query => PlainBencode.DecodeDictionary(query.Datagram));

        Assert.Equal(1L, sent[Far]["ro"]);
        Assert.DoesNotContain("ro", sent[Near].Keys);
        _subject.Node.SetStanding(v6: false, new Standing());
        _subject.Node.Ping(Far);
        Assert.DoesNotContain("ro", Assert.Single(_subject.TakeQueriesTo(Far)).Keys);
    }

    [Fact]
    public void Answer_OfANodeThatSaysReadOnly_LosesItsPlaceInTheTable()
    {
        var node = ForeignNode(1);
        _subject.Meet(node.At, node.Id);
        Assert.NotNull(_subject.V4.Table.Find(node.At));

        _subject.TakeSent();
        _subject.Node.Ping(node.At);
        var ping = Assert.Single(_subject.TakeQueriesTo(node.At));
        _subject.Node.Receive(
            PlainBencode.Encode(PlainBencode.Dictionary(
                ("n", Subject.Network), ("r", PlainBencode.Dictionary(("id", node.Id.ToArray()))), ("ro", 1), ("t", ping["t"]),
                ("y", "r"))),
            node.At);

        Assert.Null(_subject.V4.Table.Find(node.At));
    }

    [Fact]
    public void Ping_AsAsked_IsSentToAnyNodeOnce()
    {
        _subject.Node.Ping(Far);
        _subject.Node.Ping(Far);

        Assert.Equal("ping", Assert.Single(_subject.TakeQueriesTo(Far))["q"]);
    }

    [Fact]
    public void Knocks_OfUnaskedNodesElsewhere_CountOncePerNetwork()
    {
        _subject.Node.Ping(Far);
        foreach (var from in new[] { "203.0.113.5:7000", "192.168.1.9:6881", "198.51.100.1:6881", "198.51.7.1:6881", "192.0.2.1:6881" })
        {
            _subject.Ask(Subject.At(from), "ping");
        }

        Assert.Equal((2, 0), (_subject.Node.KnocksIn(v6: false), _subject.Node.KnocksIn(v6: true)));

        _subject.Time.Advance(TimeSpan.FromMinutes(7)); // whatever NAT let the answer in has closed
        _subject.Ask(Far, "ping");
        Assert.Equal(3, _subject.Node.KnocksIn(v6: false));
    }

    [Fact]
    public void NodesElsewhere_OfTheTable_AreOneOfEachNetworkAndNotNear()
    {
        _subject.Meet(Near, new NodeId(Subject.IdOf(Near)));
        for (var i = 0; i < 40; i++)
        {
            var node = UdpEndpoint.FromV4(0x20010000 + ((uint)(i / 4) << 16) + ((uint)i << 8) + 1, 9977);
            _subject.Meet(node, new NodeId(Subject.IdOf(node)));
        }

        var some = _subject.Node.NodesElsewhere(v6: false, 6);

        Assert.Equal(6, some.DistinctBy(static node => node.Network).Count());
        Assert.DoesNotContain(Near, some);
        Assert.Equal(10, _subject.Node.NodesElsewhere(v6: false, 99).Count);
    }

    [Fact]
    public void KeepOnly_WhatAnEarlierRunAnnounced_IsWithdrawnButForThese()
    {
        var contents = Enumerable.Range(0, 4).Select(static number => SimulatedNetworks.Content(number)).ToList();
        _subject.Node.Restore(new() { Announced = [.. contents.Select(static content => new SavedAnnouncement(content.Key(), content))] });

        _subject.Node.KeepOnly(new HashSet<NodeId> { contents[1].Key(), SimulatedNetworks.Content(99).Key() });

        Assert.Equal(1, _subject.Node.Counts.Announced);
        Assert.Equal(contents[1].Key(), Assert.Single(_subject.Node.Save().Announced).Key);
    }
}
