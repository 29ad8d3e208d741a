using System.Net;
using System.Net.Sockets;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Node;
using AptP2P.Dht.Kademlia.Routing;
using AptP2P.Dht.Kademlia.Transport;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Transport;

/// <summary>Queries that come back as unreachable. The clock stands still, so that no deadline can end anything.</summary>
public sealed class UnreachableTests
{
    private static readonly UdpEndpoint Entrance = Subject.At("198.51.100.7:6881");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Find_NobodyAtThePort_EndsAtOnce(bool throughSocketForBothFamilies)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells of it");
        using var passed = PassedSocketTests.BindBothFamilies();
        await using var transport = throughSocketForBothFamilies
            ? UdpTransport.Use([new SafeSocketHandle(passed.Handle, ownsHandle: false)])
            : UdpTransport.Bind(new IPEndPoint(IPAddress.Parse("127.46.1.1"), 0));
        var own = transport.V4!.Value;
        using var node = new KademliaNode(
            new KademliaOptions(), new NodeSetup(new FamilySetup(own, NodeId.HashOf("own"u8), own.Port), null), transport,
            new VirtualTime(), new Random(1));
        transport.Start(node);
        var search = new Search();
        node.Start([Subject.At("127.46.2.1:1")]);

        node.FindPeers(NodeId.HashOf("a key"u8), search);

        await search.Ends.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, node.Counts.PendingQueries);
    }

    [Fact]
    public void Unreachable_QueryOfOurs_FailsIt()
    {
        var (subject, query) = Started();

        subject.Node.Unreachable(query, Entrance);

        Assert.Equal(1, subject.Node.Traffic.Timeouts);
    }

    [Fact]
    public void Unreachable_ForgedOrOfAnotherPlace_ChangesNothing()
    {
        var (subject, query) = Started();
        var forged = PlainBencode.Encode(Subject.Query("ping", ("id", Subject.IdOf(Entrance))));

        subject.Node.Unreachable(forged, Entrance);
        subject.Node.Unreachable(query, Subject.At("198.51.100.8:6881"));
        subject.Node.Unreachable(query.AsSpan(0, 8), Entrance);
        subject.Node.Unreachable([], Entrance);

        Assert.Equal(0, subject.Node.Traffic.Timeouts);
    }

    private static (Subject Subject, byte[] Query) Started()
    {
        var subject = new Subject();
        subject.Node.Start([Entrance]);
        return (subject, Assert.Single(subject.TakeSent()).Datagram);
    }

    private sealed class Search : IPeerSink
    {
        public TaskCompletionSource Ends { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Found(UdpEndpoint peer, ReadOnlySpan<byte> claim)
        {
        }

        public void Ended() => Ends.TrySetResult();
    }
}
