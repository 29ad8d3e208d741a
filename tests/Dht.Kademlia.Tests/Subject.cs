using System.Globalization;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Node;
using AptP2P.Dht.Kademlia.Queries;
using AptP2P.Dht.Kademlia.Routing;
using AptP2P.Dht.Kademlia.State;
using AptP2P.Testing;

namespace AptP2P.Dht.Kademlia.Tests;

/// <summary>One node in virtual time whose datagrams are in the test's hands: what goes in, what comes out, to whom.</summary>
internal sealed class Subject : IDatagramSender
{
    private readonly List<(UdpEndpoint To, byte[] Datagram)> _sent = [];

    public Subject(
        KademliaOptions? options = null, UdpEndpoint? v4 = null, UdpEndpoint? v6 = null, NodeId? id = null, NodeState? state = null)
    {
        var random = new Random(1);
        Options = options ?? new KademliaOptions();
        var bound = v4 ?? (v6 is null ? UdpEndpoint.FromV4(0x7f280001, 9977) : null);
        Node = new KademliaNode(Options, new NodeSetup(Setup(bound, id, random), Setup(v6, id, random)), this, Time, random);
        Node.Restore(state ?? new NodeState());
    }

    public KademliaOptions Options { get; }

    public VirtualTime Time { get; } = new();

    public KademliaNode Node { get; }

    public Family V4 => Node.Families.V4!;

    /// <summary>All that was sent since it was last asked.</summary>
    public List<(UdpEndpoint To, byte[] Datagram)> TakeSent()
    {
        var sent = _sent.ToList();
        _sent.Clear();
        return sent;
    }

    /// <summary>Takes all that was sent, and gives what an endpoint was asked.</summary>
    public List<Dictionary<string, object>> TakeQueriesTo(UdpEndpoint to) =>
        [.. TakeSent().Where(sent => sent.To == to).Select(static sent => PlainBencode.DecodeDictionary(sent.Datagram))];

    /// <summary>Gives the node a datagram and takes what it sends at once to where that came from.</summary>
    public List<byte[]> Exchange(byte[] datagram, UdpEndpoint from)
    {
        _sent.Clear();
        Node.Receive(datagram, from);
        return [.. _sent.Where(sent => sent.To == from).Select(static sent => sent.Datagram)];
    }

    /// <summary>
    /// Asks as a foreign node and gives the answer to it; <see langword="null"/> for silence. Queries of the node's own are left out.
    /// </summary>
    public Dictionary<string, object>? Ask(UdpEndpoint from, string method, params (string Key, object Value)[] arguments) =>
        Ask(from, Query(method, [("id", IdOf(from)), .. arguments]));

    public Dictionary<string, object>? Ask(UdpEndpoint from, object message) => Exchange(PlainBencode.Encode(message), from)
        .Select(static datagram => PlainBencode.DecodeDictionary(datagram)).SingleOrDefault(static answer => (string)answer["y"] != "q");

    /// <summary>Makes a node known to the subject: it is asked and answers, as if it had been met in a look-up.</summary>
    public void Meet(UdpEndpoint endpoint, NodeId id, TimeSpan roundTrip = default)
    {
        TakeSent();
        Node.Receive(PlainBencode.Encode(Query("ping", ("id", id.ToArray()))), endpoint);
        Time.Advance(roundTrip);
        AnswerAll(endpoint, id);
    }

    /// <summary>Answers every query sent to an endpoint.</summary>
    public void AnswerAll(UdpEndpoint endpoint, NodeId id, params (string Key, object Value)[] fields)
    {
        foreach (var (_, datagram) in TakeSent().Where(sent => sent.To == endpoint))
        {
            var query = PlainBencode.DecodeDictionary(datagram);
            if ((string)query["y"] == "q")
            {
                Node.Receive(Answer((string)query["t"], id, fields), endpoint);
            }
        }
    }

    public static byte[] Answer(string transaction, NodeId id, params (string Key, object Value)[] fields) =>
        PlainBencode.Encode(
            PlainBencode.Dictionary(
                ("n", Network), ("r", PlainBencode.Dictionary([("id", id.ToArray()), .. fields])), ("t", transaction), ("y", "r")));

    public static List<(string Key, object Value)> Query(string method, params (string Key, object Value)[] arguments) =>
        PlainBencode.Dictionary(("a", PlainBencode.Dictionary(arguments)), ("n", Network), ("q", method), ("t", "tx"), ("y", "q"));

    /// <summary>The tag of the network.</summary>
    public static string Network { get; } = PlainBencode.Text(NetworkTag.Of(new KademliaOptions(), NetworkSecret.None));

    /// <summary>The id that a test's node at an endpoint has: one that belongs there.</summary>
    public static byte[] IdOf(UdpEndpoint endpoint) =>
        BoundNodeId.Create(endpoint, new Random(endpoint.ToString().Sum(static c => c) + endpoint.Port)).ToArray();

    public static UdpEndpoint At(string endpoint) => UdpEndpoint.From(System.Net.IPEndPoint.Parse(endpoint));

    public static string Hex(object text) => Convert.ToHexStringLower(PlainBencode.Bytes((string)text));

    public static long Error(Dictionary<string, object>? answer) =>
        answer is not null && (string)answer["y"] == "e"
            ? Convert.ToInt64(((List<object>)answer["e"])[0], CultureInfo.InvariantCulture)
            : 0;

    public static Dictionary<string, object> Body(Dictionary<string, object>? answer) => (Dictionary<string, object>)answer!["r"];

    void IDatagramSender.Send(ReadOnlySpan<byte> datagram, UdpEndpoint to) => _sent.Add((to, datagram.ToArray()));

    private static FamilySetup? Setup(UdpEndpoint? bound, NodeId? id, Random random) =>
        bound is { } at ? new FamilySetup(at, id ?? BoundNodeId.Create(at, random), at.Port) : null;
}
