using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Testing;
using Xunit;
using static AptP2P.Dht.Kademlia.Tests.ForeignNodes;

namespace AptP2P.Dht.Kademlia.Tests.Lookups;

/// <summary>What our node takes of the answers to a search for peers, by raw datagrams in virtual time.</summary>
public sealed class SearchTests
{
    private static readonly NodeId Key = NodeId.HashOf("a key"u8);
    private static readonly UdpEndpoint Peer = Subject.At("198.51.100.99:8080");

    private readonly Subject _subject = new();
    private readonly Found _found = new();

    [Fact]
    public void Search_EntranceWithoutId_TakesItsPlaceAmongTheNearest()
    {
        var entrance = ForeignNode(1);
        _subject.Node.Start([entrance.At]);
        _subject.Node.FindPeers(Key, _found);

        _subject.AnswerAll(entrance.At, entrance.Id, ("token", "t"), ("values", new List<object> { Compact(Peer) }));

        Assert.Equal(Peer, Assert.Single(_found.Peers));
        Assert.True(_found.IsEnded);
    }

    [Fact]
    public void Search_AnswerFromAnotherAddress_IsIgnored()
    {
        var query = StartSearch(out var node);

        _subject.Node.Receive(Values((string)query["t"], node.Id, Peer), Subject.At("203.0.113.250:6881"));
        _subject.Node.Receive(Values((string)query["t"], node.Id, Peer), node.At.WithPort(1));

        Assert.Empty(_found.Peers);
        Assert.Equal(2, _subject.Node.Traffic.Unexpected);
    }

    [Fact]
    public void Search_AnswerToAnotherTransaction_IsIgnored()
    {
        StartSearch(out var node);

        _subject.Node.Receive(Values("zzzz", node.Id, Peer), node.At);
        _subject.Node.Receive(Values("zz", node.Id, Peer), node.At);

        Assert.Empty(_found.Peers);
    }

    [Fact]
    public void Search_AnswerUnderAnotherId_IsIgnored()
    {
        var query = StartSearch(out var node);

        _subject.Node.Receive(Values((string)query["t"], ForeignNode(77).Id, Peer), node.At);

        Assert.Empty(_found.Peers);
        Assert.True(_found.IsEnded);
    }

    [Theory]
    [InlineData("d1:r2:no1:t4:TTTT1:y1:re")]
    [InlineData("d1:rde1:t4:TTTT1:y1:re")]
    [InlineData("d1:rd2:idi7ee1:t4:TTTT1:y1:re")]
    [InlineData("d1:t4:TTTT1:y1:re")]
    [InlineData("d1:e2:no1:t4:TTTT1:y1:ee")]
    [InlineData("d1:ele1:t4:TTTT1:y1:ee")]
    [InlineData("d1:el3:foo3:bare1:t4:TTTT1:y1:ee")]
    public void Search_MalformedAnswer_CountsAsNone(string datagram)
    {
        var query = StartSearch(out var node);

        _subject.Node.Receive(PlainBencode.Bytes(datagram.Replace("TTTT", (string)query["t"], StringComparison.Ordinal)), node.At);

        Assert.Empty(_found.Peers);
        Assert.True(_found.IsEnded);
    }

    [Fact]
    public void Search_OddNodeString_IsReadAsFarAsItGoes()
    {
        var query = StartSearch(out var node);
        var other = ForeignNode(5);

        _subject.Node.Receive(Subject.Answer((string)query["t"], node.Id, ("nodes", Compact(other) + "half of a no")), node.At);

        Assert.Single(_subject.TakeQueriesTo(other.At));
    }

    [Theory]
    [InlineData("0.0.0.0:1")]
    [InlineData("203.0.113.9:0")]
    [InlineData("239.1.1.1:6881")]
    [InlineData("192.168.1.1:6881")]
    [InlineData("127.0.0.1:9977")]
    [InlineData("168.63.129.16:9977")]
    [InlineData("198.51.100.1:53")] // a victim's name server, and an amplifier
    [InlineData("198.51.100.1:1023")]
    public void Search_NodeWhereNoneShouldBeAsked_IsNotAsked(string at)
    {
        var query = StartSearch(out var node);

        _subject.Node.Receive(
            Subject.Answer((string)query["t"], node.Id, ("nodes", Compact((ForeignNode(5).Id, Subject.At(at))))), node.At);

        Assert.Empty(_subject.TakeSent());
    }

    [Fact]
    public void Search_ManyPortsOfOneAddress_IsAskedOnce()
    {
        var query = StartSearch(out var node);
        var nodes = string.Concat(
            Enumerable.Range(1, 8).Select(port => Compact((ForeignNode(5 + port).Id, ForeignNode(5).At.WithPort((ushort)(6000 + port))))));

        _subject.Node.Receive(Subject.Answer((string)query["t"], node.Id, ("nodes", nodes)), node.At);

        Assert.Single(_subject.TakeSent());
    }

    [Fact]
    public void Search_MixedAndOddValues_TakesWhatArePeers()
    {
        var query = StartSearch(out var node);
        var peer6 = Subject.At("[2001:db8::5]:8080");
        List<object> values = [Compact(Peer), "short", Compact(peer6), 7, new List<object>(), Compact(Peer)];

        _subject.Node.Receive(Subject.Answer((string)query["t"], node.Id, ("values", values)), node.At);

        Assert.Equal([Peer, peer6], _found.Peers);
    }

    [Fact]
    public void Search_AnswerAfterItsEnd_ChangesNothing()
    {
        var query = StartSearch(out var node);
        _subject.Time.Advance(TimeSpan.FromSeconds(4)); // stalled, and nobody else to ask
        Assert.True(_found.IsEnded);

        _subject.Node.Receive(Values((string)query["t"], node.Id, Peer), node.At);

        Assert.Empty(_found.Peers);
        Assert.Equal(1, _found.Ends);
    }

    private static byte[] Values(string transaction, NodeId id, UdpEndpoint peer) =>
        Subject.Answer(transaction, id, ("values", new List<object> { Compact(peer) }));

    private Dictionary<string, object> StartSearch(out (NodeId Id, UdpEndpoint At) node)
    {
        node = ForeignNode(1);
        _subject.Meet(node.At, node.Id, TimeSpan.FromMilliseconds(10));
        _subject.TakeSent();
        _subject.Node.FindPeers(Key, _found);
        return Assert.Single(_subject.TakeQueriesTo(node.At));
    }

    private sealed class Found : IPeerSink
    {
        public List<UdpEndpoint> Peers { get; } = [];

        public int Ends { get; private set; }

        public bool IsEnded => Ends > 0;

        void IPeerSink.Found(UdpEndpoint peer, ReadOnlySpan<byte> claim) => Peers.Add(peer);

        public void Ended() => Ends++;
    }
}
