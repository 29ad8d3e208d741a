using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Node;
using AptP2P.Dht.Kademlia.Queries;
using AptP2P.Dht.Kademlia.Routing;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Messages;

/// <summary>A flood must not become a flood of garbage to collect.</summary>
public sealed class AllocationTests
{
    private static readonly UdpEndpoint Own = Subject.At("127.40.0.1:9977");
    private static readonly UdpEndpoint Asker = Subject.At("127.40.0.9:6881");
    private static readonly byte[] Key = NodeId.HashOf("a key"u8).ToArray();

    [Theory]
    [InlineData("ping")]
    [InlineData("find_node")]
    [InlineData("get_peers")]
    [InlineData("get")]
    [InlineData("garbage")]
    [InlineData("unknown answer")]
    public void Receive_Again_AllocatesNothing(string what)
    {
        const int Times = 1000;
        var options = new KademliaOptions { QueryBurstPerAddress = 10 * Times };
        using var node = new KademliaNode(
            options, new NodeSetup(new FamilySetup(Own, NodeId.HashOf("own"u8), Own.Port), null), new Nowhere(), new VirtualTime(),
            new Random(1));
        for (byte number = 1; number < 30; number++)
        {
            node.Families.V4!.Table.Answered(
                NodeId.HashOf([number]), UdpEndpoint.FromV4(0x7f280100 + (uint)number, 6881), TimeSpan.Zero, TimeSpan.Zero);
        }

        var datagram = Datagram(what);
        Receive(); // what is kept of the first is kept: the endpoint's place in tables, a query to see who it is

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Times; i++)
        {
            Receive();
        }

        Assert.Equal(0, (GC.GetAllocatedBytesForCurrentThread() - before) / Times);

        void Receive() => node.Receive(datagram, Asker);
    }

    private static byte[] Datagram(string what) => what switch
    {
        "garbage" => [.. Enumerable.Range(0, 300).Select(static number => (byte)number)],
        "unknown answer" => Subject.Answer("tttt", NodeId.HashOf("somebody"u8), ("nodes", new byte[52])),
        "get_peers" => Query(what, "info_hash"),
        _ => Query(what, "target"),
    };

    // Read-only, so that the node does not take it for one to know.
    private static byte[] Query(string method, string target)
    {
        var query = Subject.Query(method, ("id", Subject.IdOf(Asker)), (target, Key));
        query.Insert(2, ("ro", 1));
        return PlainBencode.Encode(query);
    }

    private sealed class Nowhere : IDatagramSender
    {
        public void Send(ReadOnlySpan<byte> datagram, UdpEndpoint to)
        {
        }
    }
}
