using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Testing;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

/// <summary>
/// Strangers who would empty a node's store, by its one door: queries with tokens of its own, 48 keys in a datagram, all as near to its id
/// as can be.
/// </summary>
public sealed class StoreFloodTests
{
    private static readonly UdpEndpoint Honest = SimulatedNetworks.Address(1);
    private static readonly UdpEndpoint Seeker = SimulatedNetworks.Address(2);

    private readonly Random _random = new(80);

    [Theory]
    [InlineData(50_000, 45_020)] // quotas leave room
    [InlineData(10_000, 10_000)] // a store that is full
    public void Announce_HundredThousandFromOneSubnetAndTwentyThousandFromFifty_HonestKeysAreFound(int room, int kept)
    {
        var subject = new Subject(new KademliaOptions { MaxKeys = room });
        var keys = Keys(subject, 20);
        Assert.Equal(20, Announce(subject, Honest, keys));

        for (var batch = 0; batch < 2084; batch++)
        {
            Announce(subject, UdpEndpoint.FromV4(0x30000000 + (uint)(batch % 256), 7000), Near(subject, 48));
        }

        for (var batch = 0; batch < 450; batch++)
        {
            Announce(subject, UdpEndpoint.FromV4(0x40000001 + ((uint)(batch % 50) << 8), 7000), Near(subject, batch < 400 ? 45 : 40));
        }

        Assert.Equal(20, Find(subject, keys));
        Assert.Equal(kept, subject.Node.Counts.StoredKeys);
        Assert.Equal(kept, subject.Node.Counts.StoredContacts);
        var more = Keys(subject, 20);
        Assert.Equal(20, Announce(subject, SimulatedNetworks.Address(3), more)); // a full store takes new ones
        Assert.Equal(20, Announce(subject, Honest, keys)); // and the old ones again, which prolongs them
        Assert.Equal(40, Find(subject, keys.Concat(more)));
        Assert.Equal(1, Values(subject, keys[0]));
    }

    [Fact]
    public void Announce_FloodForTheHonestKeysThemselves_HonestContactIsGiven()
    {
        var subject = new Subject();
        var keys = Keys(subject, 20);
        Announce(subject, Honest, keys);

        for (var subnet = 0; subnet < 51; subnet++)
        {
            for (var host = 0; host < 40; host++)
            {
                Announce(subject, UdpEndpoint.FromV4(0x30000000 + ((uint)subnet << 8) + (uint)host, 7000), keys);
            }
        }

        Assert.All(keys, key =>
            Assert.Contains(ForeignNodes.Compact(Honest), Enumerable.Range(0, 20).SelectMany(_ => Given(subject, key))));
        Assert.Equal(20 * subject.Options.MaxContactsPerKey, subject.Node.Counts.StoredContacts);
    }

    [Fact]
    public void Put_ItemsFloodedFromOneSubnetAndFifty_HonestOneIsFound()
    {
        var subject = new Subject(new KademliaOptions { MaxItems = 500 });
        var item = PlainBencode.Encode("an honest list");
        Put(subject, SimulatedNetworks.Address(9), item); // who floods puts it first, to take it along
        for (var i = 0; i < 300; i++)
        {
            Put(subject, SimulatedNetworks.Address(9), PlainBencode.Encode($"early {i}"));
        }

        Put(subject, Honest, item);
        for (var i = 0; i < 3000; i++)
        {
            var from = UdpEndpoint.FromV4(0x40000001 + ((uint)(i % 3 == 0 ? i % 50 : 60) << 8) + (uint)(i % 100), 7000);
            Put(subject, from, PlainBencode.Encode($"made up {i}"));
        }

        Assert.Equal(500, subject.Node.Counts.StoredItems);
        Assert.True(Subject.Body(subject.Ask(Seeker, "get", ("target", NodeId.HashOf(item).ToArray()))).ContainsKey("v"));
    }

    [Theory]
    [InlineData(10_000, 10_000, false)] // both measures agree: such a key is nobody's to keep here
    [InlineData(10_000_000, 500, true)] // somebody crowds around what this node looks up
    [InlineData(500, 10_000_000, true)] // or around the node
    [InlineData(64, 64, true)]
    [InlineData(2, 2, true)]
    public void Announce_KeyThatManyNodesWouldBeNearerTo_IsKeptUnlessBothMeasuresSaySo(int lookups, int neighbourhood, bool isKept)
    {
        var subject = new Subject();
        for (var i = 0; i < 15; i++)
        {
            subject.V4.Size.Add(Distances(lookups));
        }

        subject.V4.Size.SetNeighbourhood(Distances(neighbourhood));
        var far = subject.V4.Id.WithCommonPrefix(3, _random); // a tenth of the key space away
        var near = subject.V4.Id.WithCommonPrefix(9, _random); // where 24 of 10,000 nodes are nearer

        Assert.Equal(isKept ? 2 : 1, Announce(subject, Honest, [near, far]));
        Assert.Equal(isKept ? 2 : 1, Find(subject, [near, far]));
    }

    [Fact]
    public void Announce_NothingMeasuredYet_AllIsKept()
    {
        var subject = new Subject();

        Assert.Equal(20, Announce(subject, Honest, Keys(subject, 20)));
    }

    private List<NodeId> Keys(Subject subject, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => subject.V4.Id.WithCommonPrefix(2, _random))];

    private List<NodeId> Near(Subject subject, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => subject.V4.Id.WithCommonPrefix(40, _random))];

    /// <summary>Announces keys, the first of them by itself and the rest with it.</summary>
    /// <returns>How many are said to be stored, with the first.</returns>
    private static int Announce(Subject subject, UdpEndpoint from, List<NodeId> keys)
    {
        subject.Time.Advance(TimeSpan.FromMilliseconds(1));
        var id = new byte[NodeId.Size];
        var first = keys[0].ToArray();
        var token = Subject.Body(subject.Ask(from, Subject.Query("get_peers", ("id", id), ("info_hash", first))))["token"];
        List<object> more = [.. keys.Skip(1).Select(static key => (object)key.ToArray())];
        var answer = subject.Ask(
            from, Subject.Query("announce_peer", ("id", id), ("info_hash", first), ("ks", more), ("port", 9977), ("token", token)));
        return 1 + (int)(long)Subject.Body(answer)["ks"];
    }

    private static void Put(Subject subject, UdpEndpoint from, byte[] item)
    {
        var token = Subject.Body(subject.Ask(from, "get", ("target", NodeId.HashOf(item).ToArray())))["token"];
        Assert.Equal("r", subject.Ask(from, "put", ("token", token), ("v", PlainBencode.Decode(item)))!["y"]);
    }

    private static int Find(Subject subject, IEnumerable<NodeId> keys) => keys.Count(key => Values(subject, key) > 0);

    private static int Values(Subject subject, NodeId key) => Given(subject, key).Count;

    private static List<object> Given(Subject subject, NodeId key)
    {
        subject.Time.Advance(TimeSpan.FromMilliseconds(5));
        return Subject.Body(subject.Ask(Seeker, "get_peers", ("info_hash", key.ToArray()))).TryGetValue("values", out var values)
            ? (List<object>)values
            : [];
    }

    // The nearest of so many nodes, were they spread evenly.
    private static NodeId[] Distances(int nodes)
    {
        var bytes = new byte[NodeId.Size];
        return
        [
            .. Enumerable
                .Range(1, 8)
                .Select(rank =>
                {
                    System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(
                        bytes, (ulong)(Math.Min(0.99, rank / (nodes + 1.0)) * ulong.MaxValue));
                    return new NodeId(bytes);
                }),
        ];
    }
}
