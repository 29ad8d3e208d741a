using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Tests.Simulation;
using AptP2P.Testing;
using Xunit;
using static AptP2P.Dht.Kademlia.Tests.ForeignNodes;

namespace AptP2P.Dht.Kademlia.Tests.Node;

/// <summary>How our node enters the DHT, announces, and finds items, by raw datagrams in virtual time.</summary>
public sealed class ClientTests
{
    private readonly Subject _subject = new();

    [Fact]
    public void Bootstrap_AnswersWithOtherNodes_AreAskedInTurn()
    {
        var (entrance, next) = (ForeignNode(1), ForeignNode(2));
        _subject.Node.Start([entrance.At]);

        _subject.AnswerAll(entrance.At, entrance.Id, ("nodes", Compact(next)));

        Assert.Equal("find_node", (string)Assert.Single(_subject.TakeQueriesTo(next.At))["q"]);
        Assert.NotNull(_subject.V4.Table.Find(entrance.At));
    }

    [Fact]
    public void Bootstrap_NobodyAnswers_EndsAndIsTriedAgainWithGrowingPauses()
    {
        var entrance = ForeignNode(1);
        _subject.Node.Start([entrance.At]);
        var pauses = new List<TimeSpan>();
        for (var last = _subject.Time.Elapsed; pauses.Count < 4;)
        {
            _subject.TakeSent();
            while (_subject.TakeQueriesTo(entrance.At).Count == 0)
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
    public void Announce_SeveralNodes_EachGetsItsOwnToken()
    {
        var nodes = Enumerable.Range(1, 3).Select(ForeignNode).ToList();
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
    public void Announce_NodeWhoseIdIsNotOfItsAddress_IsAskedButGetsNothingWhereOthersAre()
    {
        var honest = Enumerable.Range(1, 8).Select(ForeignNode).ToList();
        var content = SimulatedNetworks.Content(1);
        (NodeId Id, UdpEndpoint At) stranger = (content.Key(), ForeignNode(9).At); // BEP 42
        List<(NodeId Id, UdpEndpoint At)> nodes = [.. honest, stranger];
        nodes.ForEach(node => _subject.Meet(node.At, node.Id));
        _subject.TakeSent();
        _subject.Node.Announce(content.Key(), content);
        var sent = new List<(UdpEndpoint To, string Method)>();
        while (_subject.TakeSent() is { Count: > 0 } queries)
        {
            foreach (var (to, datagram) in queries)
            {
                var query = PlainBencode.DecodeDictionary(datagram);
                sent.Add((to, (string)query["q"]));
                _subject.Node.Receive(Subject.Answer((string)query["t"], nodes.Find(node => node.At == to).Id, ("token", "t")), to);
            }
        }

        Assert.Contains((stranger.At, "get_peers"), sent);
        Assert.Equal(
            honest.Select(static node => node.At.Port),
            sent.Where(static query => query.Method == "announce_peer").Select(static query => query.To.Port).Order());
    }

    [Fact]
    public void FindItem_ValueThatDoesNotMatch_IsNotTaken()
    {
        var item = PlainBencode.Encode("the list");
        var node = ForeignNode(1);
        _subject.Meet(node.At, node.Id);
        _subject.TakeSent();
        var search = _subject.Node.FindItem(NodeId.HashOf(item));
        var query = Assert.Single(_subject.TakeQueriesTo(node.At));
        var other = ForeignNode(2);

        _subject.Node.Receive(
            Subject.Answer((string)query["t"], node.Id, ("nodes", Compact(other)), ("token", "t"), ("v", "a lie")), node.At);
        Assert.False(search.Item.IsCompleted);
        _subject.AnswerAll(other.At, other.Id, ("token", "t"), ("v", "the list"));

        Assert.True(search.Item.IsCompletedSuccessfully);
    }

    private static Dictionary<string, object> Arguments(Dictionary<string, object> query) => (Dictionary<string, object>)query["a"];
}
