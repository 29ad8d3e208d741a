using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Node;
using AptP2P.Dht.Kademlia.Queries;
using AptP2P.Dht.Kademlia.Routing;
using AptP2P.Dht.Kademlia.Tests.Simulation;
using AptP2P.Testing;
using Xunit;
using static AptP2P.Dht.Kademlia.Tests.ForeignNodes;

namespace AptP2P.Dht.Kademlia.Tests.Node;

/// <summary>A node that is to deal with its own network only.</summary>
public sealed class NearOnlyTests : IDatagramSender, IPeerSink, IDisposable
{
    private static readonly UdpEndpoint Near = Subject.At("192.168.1.7:9977");
    private static readonly UdpEndpoint OnLink = Subject.At("[2001:db8:1::7]:9977");
    private static readonly UdpEndpoint Far = Subject.At("203.0.113.5:6881");
    private static readonly UdpEndpoint FarV6 = Subject.At("[2001:db8:2::7]:6881");

    private readonly List<(UdpEndpoint To, byte[] Datagram)> _sent = [];
    private readonly List<UdpEndpoint> _found = [];
    private readonly VirtualTime _time = new();
    private readonly KademliaNode _node;

    public NearOnlyTests()
    {
        var vicinity = new Vicinity { IsAll = true, IsOnLink = static endpoint => endpoint.Subnet == OnLink.Subnet };
        _node = new KademliaNode(
            new KademliaOptions(), new NodeSetup(Setup("0.0.0.0:9977", vicinity), Setup("[::]:9977", vicinity)), this, _time,
            new Random(1));
    }

    [Fact]
    public void Start_EntrancesOfBothKinds_OnlyNearOnesAreAsked()
    {
        _node.Start([Near, Far, OnLink, FarV6]);
        _node.Ping(Far);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal([Near, OnLink], _sent.Select(static sent => sent.To).Distinct().OrderBy(static to => to.IsV6));
    }

    [Fact]
    public void Receive_QueryFromElsewhere_IsNotAnswered()
    {
        foreach (var from in new[] { Far, FarV6, Near, OnLink })
        {
            _node.Receive(PlainBencode.Encode(Subject.Query("ping", ("id", Subject.IdOf(from)))), from);
        }

        Assert.Equal([Near, OnLink], _sent.Select(static sent => sent.To).Distinct().OrderBy(static to => to.IsV6));
        Assert.Equal(2, _node.Traffic.Refused);
    }

    [Fact]
    public void Find_NodesAndPeersElsewhereAreNamed_NeitherIsUsed()
    {
        _node.Start([Near]);
        var id = new NodeId(Subject.IdOf(Near));
        AnswerAll(id, ("nodes", Compact(ForeignNode(1))));
        _node.FindPeers(SimulatedNetworks.Content(1).Key(), this);

        AnswerAll(id, ("nodes", Compact(ForeignNode(1))), ("values", new List<object> { Compact(Far), Compact(Near.WithPort(4000)) }));

        Assert.Equal([Near.WithPort(4000)], _found);
        Assert.Equal([Near], _sent.Select(static sent => sent.To).Distinct());
    }

    public void Dispose() => _node.Dispose();

    private void AnswerAll(NodeId id, params (string Key, object Value)[] fields)
    {
        foreach (var (_, datagram) in _sent.Where(static sent => sent.To == Near).ToList())
        {
            _node.Receive(Subject.Answer((string)PlainBencode.DecodeDictionary(datagram)["t"], id, fields), Near);
        }
    }

    private static FamilySetup Setup(string bound, Vicinity vicinity) =>
        new(Subject.At(bound), NodeId.HashOf("own"u8), 9977) { Vicinity = vicinity };

    void IDatagramSender.Send(ReadOnlySpan<byte> datagram, UdpEndpoint to) => _sent.Add((to, datagram.ToArray()));

    void IPeerSink.Found(UdpEndpoint peer, ReadOnlySpan<byte> claim) => _found.Add(peer);

    void IPeerSink.Ended()
    {
    }
}
