using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Routing;
using AptP2P.Dht.Kademlia.Tests.Simulation;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Routing;

public sealed class RoutingTableTests
{
    private static readonly TimeSpan Fast = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(200);

    private readonly Random _random = new(5);
    private readonly KademliaOptions _options = new();
    private readonly RoutingTable _table;

    public RoutingTableTests() => _table = new RoutingTable(NodeId.Create(_random), _options);

    [Fact]
    public void Closest_ManyNodes_AgreesWithBruteForce()
    {
        Insert(3000);
        for (var i = 0; i < 50; i++)
        {
            var target = i % 2 == 0 ? NodeId.Create(_random) : _table.Own.WithCommonPrefix(i / 2, _random);
            var expected = _table.Contacts.OrderBy(contact => contact.Id ^ target).Take(8).Select(static contact => contact.Id);

            Assert.Equal(expected, _table.Closest(target, 8).ToArray().Select(static contact => contact.Id));
        }
    }

    [Fact]
    public void Closest_OwnId_GivesTheNearest()
    {
        Insert(500);

        Assert.Equal(
            _table.Contacts.OrderBy(contact => contact.Id ^ _table.Own).Take(8).Select(static contact => contact.Id),
            _table.Closest(_table.Own, 8).ToArray().Select(static contact => contact.Id));
    }

    [Fact]
    public void Answered_UniformIds_FillsFirstBucketsToTheirSizes()
    {
        Insert(5000);

        Assert.Equal([128, 64, 32, 16, 8, 8], _table.Buckets.Take(6).Select(static bucket => bucket.Bucket.Live.Count));
    }

    [Fact]
    public void Answered_AdversarialIdsNearOurs_TakeOnlyTheirBuckets()
    {
        for (var i = 0; i < 2000; i++)
        {
            _table.Answered(_table.Own.WithCommonPrefix(20 + (i % 3), _random), Address(i), Fast, TimeSpan.Zero);
        }

        Assert.Equal(24, _table.Count);
    }

    [Fact]
    public void Answered_SameIdFromAnotherAddress_IsIgnored()
    {
        var id = NodeId.Create(_random);
        _table.Answered(id, Address(1), Fast, TimeSpan.Zero);

        Assert.Null(_table.Answered(id, Address(2), Fast, TimeSpan.Zero));
        Assert.NotNull(_table.Find(Address(1)));
    }

    [Fact]
    public void Answered_SameAddressWithAnotherId_PutsOutTheOld()
    {
        var (before, after) = (NodeId.Create(_random), NodeId.Create(_random));
        _table.Answered(before, Address(1), Fast, TimeSpan.Zero);

        Assert.NotNull(_table.Answered(after, Address(1), Fast, TimeSpan.Zero));
        Assert.Equal(after, Assert.Single(_table.Contacts).Id);
    }

    [Fact]
    public void Answered_ManyOfOneSubnet_TakesTwoPerBucket()
    {
        var subnet = Subject.At("203.0.113.0:1");
        for (var i = 1; i < 200; i++)
        {
            _table.Answered(Far(), UdpEndpoint.FromV4(subnet.V4 + (uint)i, 6881), Fast, TimeSpan.Zero);
        }

        Assert.Equal(_options.MaxNodesPerSubnetInBucket, _table.Count);
    }

    [Fact]
    public void Answered_ManyPortsOfOnePublicAddress_TakesOne()
    {
        for (ushort port = 1; port < 100; port++)
        {
            _table.Answered(NodeId.Create(_random), Address(1).WithPort(port), Fast, TimeSpan.Zero);
        }

        Assert.Equal(1, _table.Count);
    }

    [Fact]
    public void Answered_ManyPortsOfLoopback_TakesAll()
    {
        for (ushort port = 1; port <= 50; port++)
        {
            _table.Answered(Far(), Subject.At("127.0.0.1:1").WithPort(port), Fast, TimeSpan.Zero);
        }

        Assert.Equal(50, _table.Count);
    }

    [Fact]
    public void Answered_FullBucket_NewcomerWaitsAndIsPromotedWhenOneFails()
    {
        var (members, newcomer) = FillBucket(10);
        Assert.Null(_table.Find(newcomer));

        _table.Failed(members[0], out _);
        _table.Failed(members[0], out var promoted);

        Assert.Equal(newcomer, promoted?.Endpoint);
        Assert.Null(_table.Find(members[0]));
        Assert.NotNull(_table.Find(newcomer));
    }

    [Fact]
    public void Answered_FullBucket_FasterNewcomerTakesTheSlowestPlace()
    {
        for (var i = 0; i < 8; i++)
        {
            Answer(10, i, i == 3 ? Slow * 2 : Slow, eighth: 0);
        }

        Assert.NotNull(Answer(10, 50, Fast, eighth: 0));
        Assert.Null(_table.Find(Private(3)));
    }

    [Fact]
    public void Answered_FullBucket_CrowdedEighthMakesWay()
    {
        for (var i = 0; i < 8; i++)
        {
            Answer(10, i, Fast, eighth: 0);
        }

        Assert.NotNull(Answer(10, 50, Slow, eighth: 5));
        Assert.Equal(8, _table.Count);
    }

    [Fact]
    public void Answered_FullBucket_ContactThatFailedMakesWayAtOnce()
    {
        var (members, _) = FillBucket(10);
        _table.Failed(members[5], out _);

        Answer(10, 99, Slow, eighth: 0);

        Assert.Null(_table.Find(members[5]));
    }

    [Fact]
    public void Answered_FullBucketOfIdsThatDoNotComply_OneThatDoesTakesAPlace()
    {
        var complying = Address(1);
        var id = new NodeId(Subject.IdOf(complying));
        var prefix = _table.Own.CommonPrefix(id);
        for (var i = 0; i < 8 * 16; i++)
        {
            _table.Answered(_table.Own.WithCommonPrefix(prefix, _random), Address(100 + i), Fast, TimeSpan.Zero);
        }

        Assert.NotNull(_table.Answered(id, complying, Slow, TimeSpan.Zero));
    }

    [Fact]
    public void Failed_NobodyWaits_StaysForSomeFailures()
    {
        _table.Answered(NodeId.Create(_random), Address(1), Fast, TimeSpan.Zero);
        for (var i = 1; i < _options.MaxFailures; i++)
        {
            Assert.False(_table.Failed(Address(1), out _));
        }

        Assert.True(_table.Failed(Address(1), out _));
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void TakeOver_AnotherId_KeepsTheNodes()
    {
        Insert(100);
        var renamed = new RoutingTable(NodeId.Create(_random), _options);

        renamed.TakeOver(_table, TimeSpan.Zero);

        Assert.InRange(renamed.Count, 90, 100);
    }

    private void Insert(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _table.Answered(NodeId.Create(_random), Address(i), TimeSpan.FromMilliseconds(_random.Next(10, 300)), TimeSpan.Zero);
        }
    }

    private (List<UdpEndpoint> Members, UdpEndpoint Newcomer) FillBucket(int prefix)
    {
        var members = new List<UdpEndpoint>();
        for (var i = 0; i < 8; i++)
        {
            Answer(prefix, i, Fast, eighth: i);
            members.Add(Private(i));
        }

        Answer(prefix, 50, Slow, eighth: 0);
        return (members, Private(50));
    }

    private Contact? Answer(int prefix, int address, TimeSpan roundTrip, int eighth)
    {
        NodeId id;
        do
        {
            id = _table.Own.WithCommonPrefix(prefix, _random);
        }
        while (id.ThreeBits(prefix + 1) != eighth);
        return _table.Answered(id, Private(address), roundTrip, TimeSpan.Zero);
    }

    private NodeId Far() => _table.Own.WithCommonPrefix(0, _random);

    // Exempt from BEP 42, so that ids can be chosen.
    private static UdpEndpoint Private(int index) => UdpEndpoint.FromV4(0x0a000001 + ((uint)index << 8), 6881);

    private static UdpEndpoint Address(int index) => SimulatedNetworks.Address(index);
}
