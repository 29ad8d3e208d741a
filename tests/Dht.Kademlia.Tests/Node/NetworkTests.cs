using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Tests.Simulation;
using AptP2P.Testing;
using Xunit;
using static AptP2P.Dht.Kademlia.Tests.ForeignNodes;

namespace AptP2P.Dht.Kademlia.Tests.Node;

/// <summary>Of which network a message is, and what becomes of those of others.</summary>
public sealed class NetworkTests
{
    private static readonly UdpEndpoint Other = Subject.At("203.0.113.7:6881");
    private static readonly object[] NoTags = ["", "\0\0\0\0\0\0\0\0", Subject.Network[..7], Subject.Network + "x", 8, new List<object>()];

    public static TheoryData<int> Wrong => [.. Enumerable.Range(-1, NoTags.Length + 1)];

    [Fact]
    public void Tag_OfThePublicNetworkAndOfAPrivateOne_AreAsDocumented()
    {
        Assert.Equal("25ca8f2a926de2a1", Subject.Hex(Subject.Network));
        Assert.Equal("f5683997362ef6d8", Convert.ToHexStringLower(NetworkTag.Of(new(), new("s"))));
        Assert.Empty(NetworkTag.Of(new() { Open = true }, new("s")));
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Query_WithoutOurTag_IsNeitherAnsweredNorRemembered(int wrong)
    {
        var subject = new Subject();

        Assert.Empty(subject.Exchange(PlainBencode.Encode(Message(wrong, "ping", Other)), Other));

        Assert.Empty(subject.TakeSent());
        Assert.Equal(1, subject.Node.Traffic.Foreign);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Answer_WithoutOurTag_ItsNodeIsNotTakenAndItsNodesAreNotAsked(int wrong)
    {
        var subject = new Subject();
        var (foreign, next) = (ForeignNode(1), ForeignNode(2));
        subject.Node.Start([foreign.At]);
        var query = Assert.Single(subject.TakeQueriesTo(foreign.At));

        subject.Node.Receive(
            PlainBencode.Encode(WithTag(wrong, ("r", PlainBencode.Dictionary(
                ("id", foreign.Id.ToArray()), ("nodes", Compact(next)))), ("t", query["t"]), ("y", "r"))),
            foreign.At);

        Assert.Empty(subject.TakeSent());
        Assert.Equal((0, 1), (subject.V4.Table.Count, subject.Node.Traffic.Foreign));
    }

    [Fact]
    public void EveryMessage_OfOurs_CarriesTheTag()
    {
        var subject = new Subject();
        subject.Node.Start([Other]);

        Assert.Equal(Subject.Network, Assert.Single(subject.TakeQueriesTo(Other))["n"]);
        Assert.Equal(Subject.Network, subject.Ask(Other, "ping")!["n"]);
        Assert.Equal(Subject.Network, subject.Ask(Other, "find_node")!["n"]); // an error
    }

    [Fact]
    public void Open_AnyNode_IsTakenAndGetsNoTag()
    {
        var subject = new Subject(new KademliaOptions { Open = true });
        var foreign = ForeignNode(1);
        subject.Node.Start([foreign.At]);
        var query = Assert.Single(subject.TakeQueriesTo(foreign.At));

        subject.Node.Receive(
            PlainBencode.Encode(WithTag(-1, ("r", PlainBencode.Dictionary(("id", foreign.Id.ToArray()))), ("t", query["t"]), ("y", "r"))),
            foreign.At);

        Assert.DoesNotContain("n", query.Keys);
        Assert.NotNull(subject.V4.Table.Find(foreign.At));
        Assert.DoesNotContain("n", subject.Ask(Other, Message(-1, "ping", Other))!.Keys);
    }

    [Fact]
    public void Find_TwoNetworksThatKnowEachOther_StayApart()
    {
        var network = new SimulatedNetwork(seed: 26);
        var ours = network.Grow(20);
        var secret = new NetworkSecret("theirs");
        List<SimulatedNode> theirs = [];
        for (var i = 0; i < 20; i++)
        {
            theirs.Add(network.Join(network.Count, theirs, secret: secret));
            theirs[^1].Node.Enter([ours[i].Endpoint]);
            ours[i].Node.Enter([theirs[^1].Endpoint]);
        }

        network.Time.Advance(TimeSpan.FromHours(1));

        var (endpoints, others) = (ours.Select(EndpointOf).ToHashSet(), theirs.Select(EndpointOf).ToHashSet());
        Assert.All(ours, node => Assert.Equal(19, node.Family.Table.Contacts.Count(contact => endpoints.Contains(contact.Endpoint))));
        Assert.All(theirs, node => Assert.Equal(19, node.Family.Table.Contacts.Count(contact => others.Contains(contact.Endpoint))));
        Assert.All(ours.Concat(theirs), static node => Assert.Equal(19, node.Family.Table.Count));

        static UdpEndpoint EndpointOf(SimulatedNode node) => node.Endpoint;
    }

    private static List<(string Key, object Value)> Message(int wrong, string method, UdpEndpoint from) =>
        WithTag(wrong, ("a", PlainBencode.Dictionary(("id", Subject.IdOf(from)))), ("q", method), ("t", "tx"), ("y", "q"));

    private static List<(string Key, object Value)> WithTag(int wrong, params (string Key, object Value)[] fields) =>
        [.. (wrong < 0 ? fields : [.. fields, ("n", NoTags[wrong])]).OrderBy(static field => field.Key, StringComparer.Ordinal)];
}
