using Xunit;

namespace AptP2P.Dht.Kademlia.Tests;

/// <summary>How our node takes what it is answered, by raw datagrams in virtual time.</summary>
public sealed class ClientTests
{
    private static readonly NodeId Key = NodeId.HashOf("a key"u8);
    private static readonly UdpEndpoint Peer = Subject.At("198.51.100.99:80");

    private readonly Subject _subject = new();
    private readonly Found _found = new();

    [Fact]
    public void Bootstrap_AnswersWithOtherNodes_AreAskedInTurn()
    {
        var (entrance, next) = (Node(1), Node(2));
        _subject.Node.Start([entrance.At]);

        _subject.AnswerAll(entrance.At, entrance.Id, ("nodes", Compact(next)));

        Assert.Equal("find_node", (string)Assert.Single(QueriesTo(next.At))["q"]);
        Assert.NotNull(_subject.V4.Table.Find(entrance.At));
    }

    [Fact]
    public void Bootstrap_NobodyAnswers_EndsAndIsTriedAgainWithGrowingPauses()
    {
        var entrance = Node(1);
        _subject.Node.Start([entrance.At]);
        var pauses = new List<TimeSpan>();
        for (var last = _subject.Time.Elapsed; pauses.Count < 4;)
        {
            _subject.TakeSent();
            while (QueriesTo(entrance.At).Count == 0)
            {
                _subject.Time.FireNext();
            }

            pauses.Add(_subject.Time.Elapsed - last);
            last = _subject.Time.Elapsed;
        }

        Assert.All(pauses.Zip(pauses.Skip(1)), static pair => Assert.True(pair.Second >= pair.First));
        Assert.True(pauses[^1] >= 2 * pauses[0]);
    }

    [Fact]
    public void Search_EntranceWithoutId_TakesItsPlaceAmongTheNearest()
    {
        var entrance = Node(1);
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

        _subject.Node.Receive(Values((string)query["t"], Node(77).Id, Peer), node.At);

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
        var other = Node(5);

        _subject.Node.Receive(Subject.Answer((string)query["t"], node.Id, ("nodes", Compact(other) + "half of a no")), node.At);

        Assert.Single(QueriesTo(other.At));
    }

    [Theory]
    [InlineData("0.0.0.0:1")]
    [InlineData("203.0.113.9:0")]
    [InlineData("239.1.1.1:6881")]
    [InlineData("192.168.1.1:6881")]
    [InlineData("127.0.0.1:53")]
    public void Search_NodeWhereNoneShouldBeAsked_IsNotAsked(string at)
    {
        var query = StartSearch(out var node);

        _subject.Node.Receive(Subject.Answer((string)query["t"], node.Id, ("nodes", Compact((Node(5).Id, Subject.At(at))))), node.At);

        Assert.Empty(_subject.TakeSent());
    }

    [Fact]
    public void Search_ManyPortsOfOneAddress_IsAskedOnce()
    {
        var query = StartSearch(out var node);
        var nodes = string.Concat(Enumerable.Range(1, 8).Select(port => Compact((Node(5 + port).Id, Node(5).At.WithPort((ushort)port)))));

        _subject.Node.Receive(Subject.Answer((string)query["t"], node.Id, ("nodes", nodes)), node.At);

        Assert.Single(_subject.TakeSent());
    }

    [Fact]
    public void Search_MixedAndOddValues_TakesWhatArePeers()
    {
        var query = StartSearch(out var node);
        var peer6 = Subject.At("[2001:db8::5]:80");
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

    [Fact]
    public void Search_ManyPeers_EndsWhenItHasEnough()
    {
        var query = StartSearch(out var node);
        var values = Enumerable.Range(1, 300).Select(port => (object)Compact(Peer.WithPort((ushort)port))).ToList();

        _subject.Node.Receive(Subject.Answer((string)query["t"], node.Id, ("nodes", Compact(Node(5))), ("values", values)), node.At);

        Assert.Equal(_subject.Options.MaxPeersPerSearch, _found.Peers.Count);
        Assert.True(_found.IsEnded);
    }

    [Fact]
    public void Announce_SeveralNodes_EachGetsItsOwnToken()
    {
        var nodes = Enumerable.Range(1, 3).Select(Node).ToList();
        nodes.ForEach(node => _subject.Meet(node.At, node.Id));
        _subject.TakeSent();
        var content = SimulatedNetworks.Content(1);
        var announced = _subject.Node.Announce(content.Key(), content);
        var asked = _subject.TakeSent();
        foreach (var node in nodes)
        {
            var query = PlainBencode.DecodeDictionary(Assert.Single(asked, sent => sent.To == node.At).Datagram);
            _subject.Node.Receive(Subject.Answer((string)query["t"], node.Id, ("token", $"token of {node.At.Port}")), node.At);
        }

        var announcements = _subject.TakeSent();
        foreach (var node in nodes)
        {
            var query = PlainBencode.DecodeDictionary(Assert.Single(announcements, sent => sent.To == node.At).Datagram);
            Assert.Equal(("announce_peer", $"token of {node.At.Port}"), ((string)query["q"], (string)Arguments(query)["token"]));
            Assert.Equal(9977L, Arguments(query)["port"]);
            Assert.False(announced.IsCompleted);
            _subject.Node.Receive(Subject.Answer((string)query["t"], node.Id), node.At);
        }

        Assert.True(announced.IsCompletedSuccessfully);
    }

    [Fact]
    public void Announce_NodeWhoseIdIsNotOfItsAddress_IsAskedButGetsNothing()
    {
        var honest = Enumerable.Range(1, 2).Select(Node).ToList();
        (NodeId Id, UdpEndpoint At) stranger = (NodeId.HashOf("not of its address"u8), Node(3).At); // BEP 42
        List<(NodeId Id, UdpEndpoint At)> nodes = [.. honest, stranger];
        nodes.ForEach(node => _subject.Meet(node.At, node.Id));
        _subject.TakeSent();
        var content = SimulatedNetworks.Content(1);
        _subject.Node.Announce(content.Key(), content);
        var asked = _subject.TakeSent();

        foreach (var node in nodes)
        {
            var query = PlainBencode.DecodeDictionary(Assert.Single(asked, sent => sent.To == node.At).Datagram);
            _subject.Node.Receive(Subject.Answer((string)query["t"], node.Id, ("token", "t")), node.At);
        }

        var told = _subject.TakeSent().Where(static sent => (string)PlainBencode.DecodeDictionary(sent.Datagram)["q"] == "announce_peer");
        Assert.Equal(honest.Select(static node => node.At), told.Select(static sent => sent.To).Order(Comparer<UdpEndpoint>.Create(static (a, b) => a.Port.CompareTo(b.Port))));
    }

    [Fact]
    public void FindItem_ValueThatDoesNotMatch_IsNotTaken()
    {
        var item = PlainBencode.Encode("the list");
        var node = Node(1);
        _subject.Meet(node.At, node.Id);
        _subject.TakeSent();
        var search = _subject.Node.FindItem(NodeId.HashOf(item));
        var query = Assert.Single(QueriesTo(node.At));
        var other = Node(2);

        _subject.Node.Receive(Subject.Answer((string)query["t"], node.Id, ("nodes", Compact(other)), ("token", "t"), ("v", "a lie")), node.At);
        Assert.False(search.Item.IsCompleted);
        _subject.AnswerAll(other.At, other.Id, ("token", "t"), ("v", "the list"));

        Assert.True(search.Item.IsCompletedSuccessfully);
    }

    private static (NodeId Id, UdpEndpoint At) Node(int number)
    {
        var at = UdpEndpoint.FromV4(0xcb007100 + ((uint)number << 8) + (uint)number, (ushort)(6000 + number));
        return (new NodeId(Subject.IdOf(at)), at);
    }

    private static string Compact((NodeId Id, UdpEndpoint At) node) => PlainBencode.Text(node.Id.ToArray()) + Compact(node.At);

    private static string Compact(UdpEndpoint endpoint)
    {
        Span<byte> bytes = stackalloc byte[UdpEndpoint.CompactSize6];
        return PlainBencode.Text(bytes[..endpoint.WriteCompact(bytes)]);
    }

    private static byte[] Values(string transaction, NodeId id, UdpEndpoint peer) =>
        Subject.Answer(transaction, id, ("values", new List<object> { Compact(peer) }));

    private static Dictionary<string, object> Arguments(Dictionary<string, object> query) => (Dictionary<string, object>)query["a"];

    private Dictionary<string, object> StartSearch(out (NodeId Id, UdpEndpoint At) node)
    {
        node = Node(1);
        _subject.Meet(node.At, node.Id, TimeSpan.FromMilliseconds(10));
        _subject.TakeSent();
        _subject.Node.FindPeers(Key, _found);
        return Assert.Single(QueriesTo(node.At));
    }

    private List<Dictionary<string, object>> QueriesTo(UdpEndpoint to) =>
        [.. _subject.TakeSent().Where(sent => sent.To == to).Select(static sent => PlainBencode.DecodeDictionary(sent.Datagram))];

    private sealed class Found : IPeerSink
    {
        public List<UdpEndpoint> Peers { get; } = [];

        public int Ends { get; private set; }

        public bool IsEnded => Ends > 0;

        void IPeerSink.Found(UdpEndpoint peer, ReadOnlySpan<byte> claim) => Peers.Add(peer);

        public void Ended() => Ends++;
    }
}
