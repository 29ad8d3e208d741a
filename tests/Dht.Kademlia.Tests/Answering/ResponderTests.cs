using System.Globalization;
using System.Security.Cryptography;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Answering;

/// <summary>What our node does beyond what all implementations do, by raw datagrams in virtual time.</summary>
public sealed class ResponderTests
{
    private static readonly string Key = PlainBencode.Text(SHA1.HashData("a key"u8));
    private static readonly UdpEndpoint Stranger = Subject.At("203.0.113.7:6881");

    [Fact]
    public void AnyQuery_WithoutId_IsAProtocolError() =>
        Assert.Equal(203, Subject.Error(new Subject().Ask(Stranger, Subject.Query("ping"))));

    [Fact]
    public void UnknownMethod_WithoutTarget_IsError204() =>
        Assert.Equal(204, Subject.Error(new Subject().Ask(Stranger, "vote")));

    [Fact]
    public void Put_MutableItem_IsError204() =>
        Assert.Equal(
            204,
            Subject.Error(
                new Subject().Ask(
                    Stranger, "put", ("k", new string('k', 32)), ("seq", 1), ("sig", new string('s', 64)), ("token", "x"), ("v", "x"))));

    [Theory]
    [InlineData("d1:bi1e1:ai2ee")]
    [InlineData("i03e")]
    public void Put_NotCanonical_IsAProtocolError(string value)
    {
        var subject = new Subject();
        var message = $"d1:ad2:id20:abcdefghij01234567895:token8:abcdefgh1:v{value}e1:n8:{Subject.Network}1:q3:put1:t2:tx1:y1:qe";

        var answer = PlainBencode.DecodeDictionary(subject.Exchange(PlainBencode.Bytes(message), Stranger)[0]);

        Assert.Equal(203, Subject.Error(answer));
    }

    [Theory]
    [InlineData(9, true)]
    [InlineData(11, false)]
    public void AnnouncePeer_OldToken_IsAcceptedForUpToTenMinutes(int minutes, bool accepted)
    {
        var subject = new Subject();
        var token = Token(subject, Stranger);

        subject.Time.Advance(TimeSpan.FromMinutes(minutes));

        var answer = subject.Ask(Stranger, "announce_peer", ("info_hash", Key), ("port", 9001), ("token", token));
        Assert.Equal(accepted ? 0 : 203, Subject.Error(answer));
    }

    [Fact]
    public void AnnouncePeer_TokenOfLessThanFiveMinutes_IsAccepted()
    {
        var subject = new Subject();
        var token = Token(subject, Stranger);
        subject.Time.Advance(TimeSpan.FromMinutes(4.9));

        Assert.Equal("r", subject.Ask(Stranger, "announce_peer", ("info_hash", Key), ("port", 9001), ("token", token))!["y"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65536)]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(1023)] // services of other kinds: whoever asks us would knock at them
    public void AnnouncePeer_ImpossiblePort_IsAProtocolError(int port)
    {
        var subject = new Subject();

        Assert.Equal(
            203,
            Subject.Error(subject.Ask(Stranger, "announce_peer", ("info_hash", Key), ("port", port), ("token", Token(subject, Stranger)))));
    }

    [Fact]
    public void GetPeers_ManyPortsOfOneAddress_GivesThree()
    {
        var subject = new Subject();
        for (var port = 9001; port <= 9300; port++)
        {
            subject.Ask(Stranger, "announce_peer", ("info_hash", Key), ("port", port), ("token", Token(subject, Stranger)));
        }

        Assert.Equal(3, Values(subject.Ask(Subject.At("198.51.100.1:1"), "get_peers", ("info_hash", Key))).Count);
    }

    [Fact]
    public void GetPeers_AfterFortyFiveMinutes_HasForgotten()
    {
        var subject = new Subject();
        subject.Ask(Stranger, "announce_peer", ("info_hash", Key), ("port", 9001), ("token", Token(subject, Stranger)));
        subject.Time.Advance(TimeSpan.FromMinutes(44));
        Assert.Single(Values(subject.Ask(Stranger, "get_peers", ("info_hash", Key))));

        subject.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Empty(Values(subject.Ask(Stranger, "get_peers", ("info_hash", Key))));
    }

    [Fact]
    public void AnyAnswer_Requester_IsToldItsEndpoint() =>
        Assert.Equal("cb0071071ae1", Subject.Hex(new Subject().Ask(Stranger, "ping")!["ip"]));

    [Fact]
    public void Ping_TransactionTooLong_IsNotAnswered()
    {
        var query = Subject.Query("ping", ("id", Subject.IdOf(Stranger)));
        query[query.FindIndex(static field => field.Key == "t")] = ("t", new string('x', 33));

        Assert.Null(new Subject().Ask(Stranger, query));
    }

    [Theory]
    [InlineData("0.0.0.1:6881")]
    [InlineData("203.0.113.7:0")]
    [InlineData("224.0.0.1:6881")]
    [InlineData("255.255.255.255:6881")]
    public void AnyQuery_FromWhereNoNodeCanBe_IsNotAnswered(string from)
    {
        var subject = new Subject();

        Assert.Null(subject.Ask(Subject.At(from), "ping"));
        Assert.Equal(1, subject.Node.Traffic.Refused);
    }

    [Fact]
    public void Query_OfAReadOnlyNode_IsAnsweredAndNotRemembered()
    {
        var subject = new Subject();
        var query = Subject.Query("ping", ("id", Subject.IdOf(Stranger)));
        query.Insert(2, ("ro", 1));

        Assert.Equal("r", subject.Ask(Stranger, query)!["y"]);

        Assert.DoesNotContain(subject.TakeSent(), sent => (string)PlainBencode.DecodeDictionary(sent.Datagram)["y"] == "q");
    }

    [Fact]
    public void Query_ToAReadOnlyNode_IsNotAnsweredButForPings()
    {
        var subject = new Subject(new KademliaOptions { ReadOnly = true });

        Assert.Null(subject.Ask(Stranger, "find_node", ("target", new byte[20])));
        Assert.Equal("r", subject.Ask(Stranger, "ping")!["y"]);
    }

    [Fact]
    public void OwnQueries_OfAReadOnlyNode_SaySo()
    {
        var subject = new Subject(new KademliaOptions { ReadOnly = true });

        subject.Node.Start([Stranger]);

        Assert.All(subject.TakeSent(), static sent => Assert.Equal(1L, PlainBencode.DecodeDictionary(sent.Datagram)["ro"]));
    }

    [Theory]
    [InlineData(null, true, false)]
    [InlineData("n4", true, false)]
    [InlineData("n6", false, true)]
    [InlineData("n4 n6", true, true)]
    public void FindNode_Want_GivesNodesOfThoseFamilies(string? want, bool v4, bool v6)
    {
        var subject = new Subject(v4: Subject.At("127.40.0.1:9977"), v6: Subject.At("[::1]:9977"));
        (string, object)[] arguments = want is null
            ? [("target", Key)]
            : [("target", Key), ("want", want.Split(' ').Cast<object>().ToList())];

        var body = Subject.Body(subject.Ask(Stranger, "find_node", arguments));

        Assert.Equal((v4, v6), (body.ContainsKey("nodes"), body.ContainsKey("nodes6")));
    }

    [Fact]
    public void GetPeers_PeersOfBothFamilies_GivesThoseOfThePacketsFamily()
    {
        var subject = new Subject(v4: Subject.At("127.40.0.1:9977"), v6: Subject.At("[::1]:9977"));
        var stranger6 = Subject.At("[2001:db8::7]:6881");
        subject.Ask(Stranger, "announce_peer", ("info_hash", Key), ("port", 9004), ("token", Token(subject, Stranger)));
        subject.Ask(stranger6, "announce_peer", ("info_hash", Key), ("port", 9006), ("token", Token(subject, stranger6)));

        Assert.Equal(6, ((string)Assert.Single(Values(subject.Ask(Stranger, "get_peers", ("info_hash", Key))))).Length);
        Assert.Equal(18, ((string)Assert.Single(Values(subject.Ask(stranger6, "get_peers", ("info_hash", Key))))).Length);
    }

    [Fact]
    public void AnnouncePeer_Claims_AreGivenBesideTheValues()
    {
        var subject = new Subject();
        var claim = PlainBencode.Dictionary(("l", 5));
        var other = Subject.At("198.51.100.1:6881");
        subject.Ask(Stranger, "announce_peer", ("info_hash", Key), ("pl", claim), ("port", 9001), ("token", Token(subject, Stranger)));
        subject.Ask(other, "announce_peer", ("info_hash", Key), ("port", 9002), ("token", Token(subject, other)));

        var body = Subject.Body(subject.Ask(other, "get_peers", ("info_hash", Key)));

        var byPort = ((List<object>)body["values"])
            .Zip((List<object>)body["pv"])
            .ToDictionary(static pair => ((string)pair.First)[^1], static pair => pair.Second);
        Assert.Equal(5L, Assert.IsType<Dictionary<string, object>>(byPort[(char)(9001 & 0xff)])["l"]);
        Assert.Equal("", byPort[(char)(9002 & 0xff)]);
    }

    [Fact]
    public void AnnouncePeer_MoreKeys_StoresAllOfThem()
    {
        var subject = new Subject();
        var (second, third) = (new string('2', 20), new string('3', 20));
        List<object> more = [second, PlainBencode.Dictionary(("l", 7)), third];

        var answer = subject.Ask(
            Stranger, "announce_peer", ("info_hash", Key), ("ks", more), ("port", 9001), ("token", Token(subject, Stranger)));

        Assert.Equal(2L, Subject.Body(answer)["ks"]);
        Assert.Single(Values(subject.Ask(Stranger, "get_peers", ("info_hash", third))));
        var body = Subject.Body(subject.Ask(Stranger, "get_peers", ("info_hash", second)));
        Assert.Equal(7L, ((Dictionary<string, object>)((List<object>)body["pv"])[0])["l"]);
    }

    [Fact]
    public void GetPeers_UnprovenAddressThatAsksAndAsks_GetsSmallAnswers()
    {
        var subject = new Subject();
        for (var i = 0; i < 150; i++)
        {
            var announcer = Subject.At(string.Create(CultureInfo.InvariantCulture, $"198.51.{i}.1:6881"));
            subject.Ask(announcer, "announce_peer", ("info_hash", Key), ("port", 9001), ("token", Token(subject, announcer)));
        }

        var query = PlainBencode.Encode(Subject.Query("get_peers", ("id", Subject.IdOf(Stranger)), ("info_hash", Key)));
        var sizes = Enumerable.Range(0, 100).Select(_ => subject.Exchange(query, Stranger).Sum(static answer => answer.Length)).ToList();

        Assert.InRange(sizes[0], 700, subject.Options.MaxDatagram);
        Assert.All(sizes[subject.Options.FullAnswersToUnproven..], size =>
            Assert.InRange(size, 100, subject.Options.MaxUnprovenAnswer + 80)
        ); // and a ping of ours
    }

    [Fact]
    public void AnyQuery_OverTheRateOfAnAddress_IsNotAnswered()
    {
        var subject = new Subject(new KademliaOptions { QueryBurstPerAddress = 10, QueriesPerSecondPerAddress = 5 });
        var answered = Enumerable.Range(0, 100).Count(_ => subject.Ask(Stranger, "ping") is not null);
        Assert.Equal(10, answered);

        subject.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(5, Enumerable.Range(0, 100).Count(_ => subject.Ask(Stranger, "ping") is not null));
        Assert.NotNull(subject.Ask(Subject.At("198.51.100.1:6881"), "ping"));
    }

    private static string Token(Subject subject, UdpEndpoint from) =>
        (string)Subject.Body(subject.Ask(from, "get_peers", ("info_hash", Key)))["token"];

    private static List<object> Values(Dictionary<string, object>? answer) =>
        Subject.Body(answer).TryGetValue("values", out var values) ? (List<object>)values : [];
}
