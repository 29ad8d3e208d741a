using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Storage;
using AptP2P.Dht.Kademlia.Tests.Simulation;
using Xunit;

namespace AptP2P.Dht.Kademlia.Tests.Storage;

public sealed class ContactStoreTests
{
    private static readonly NodeId Own = NodeId.Create(new Random(0));

    private readonly Random _random = new(1);
    private readonly KademliaOptions _options = new() { MaxKeys = 100, MaxContacts = 500, MaxContactsPerKey = 50 };
    private readonly ContactStore _store;

    public ContactStoreTests() => _store = new ContactStore(_options, _random);

    [Fact]
    public void TryAdd_FloodOfKeysFromOneSubnet_TakesItsOwnRoom()
    {
        var honest = Enumerable.Range(0, 50).Select(_ => NodeId.Create(_random)).ToList();
        honest.ForEach(key => Add(key, 1));
        for (var i = 0; i < 10_000; i++)
        {
            Assert.True(
                _store.TryAdd(NodeId.Create(_random), Contact(UdpEndpoint.FromV4(0x30000000 + (uint)(i % 256), 9977)), TimeSpan.Zero));
        }

        Assert.Equal((100, 100), (_store.Keys, _store.Contacts));
        Assert.All(honest, key => Assert.Single(Sample(key)));
        Assert.True(_store.TryAdd(Own, Contact(SimulatedNetworks.Address(7)), TimeSpan.Zero));
        Assert.Single(Sample(Own));
    }

    [Fact]
    public void TryAdd_FloodOfContactsForAKey_TheOneOfASmallSubnetStays()
    {
        Add(Own, 1);
        for (var i = 0; i < 20_000; i++)
        {
            _store.TryAdd(
                Own, Contact(UdpEndpoint.FromV4(0x30000000 + ((uint)(i % 20) << 8) + (uint)(i / 20 % 256), (ushort)(2000 + (i % 7)))),
                TimeSpan.Zero);
        }

        Assert.Equal(50, Sample(Own).Count);
        Assert.Contains(Sample(Own), static contact => contact.Peer == SimulatedNetworks.Address(1));
        // one of each subnet comes first
        Assert.Contains(Sample(Own)[..21], static contact => contact.Peer == SimulatedNetworks.Address(1));
    }

    [Fact]
    public void TryAdd_OverAQuota_IsRefusedAndARefreshIsNot()
    {
        var store = new ContactStore(new KademliaOptions { MaxStoredPerAddress = 10, MaxStoredPerSubnet = 15 }, _random);
        var keys = Enumerable.Range(0, 20).Select(_ => NodeId.Create(_random)).ToList();

        Assert.Equal(10, keys.Count(key => store.TryAdd(key, Contact(Subject.At("198.51.100.1:9977")), TimeSpan.Zero)));
        Assert.Equal(5, keys.Count(key => store.TryAdd(key, Contact(Subject.At("198.51.100.2:9977")), TimeSpan.Zero)));
        // the same again
        Assert.Equal(10, keys.Count(key => store.TryAdd(key, Contact(Subject.At("198.51.100.1:9977")), TimeSpan.FromMinutes(1))));
        Assert.Equal(15, store.Contacts);
        Assert.Equal(10, keys.Count(key => store.TryAdd(key, Contact(Subject.At("192.168.1.1:9977")), TimeSpan.Zero)));
        // no subnet, but a network of ours
        Assert.Equal(10, keys.Count(key => store.TryAdd(key, Contact(Subject.At("192.168.1.2:9977")), TimeSpan.Zero)));
    }

    [Fact]
    public void TryAdd_FloodOfContacts_IsBoundedPerKeyAndInAll()
    {
        for (var key = 0; key < 20; key++)
        {
            var id = Own.WithCommonPrefix(5, _random);
            for (var i = 0; i < 200; i++)
            {
                Add(id, i);
            }

            Assert.InRange(Sample(id).Count, 0, 50);
        }

        Assert.InRange(_store.Contacts, 400, 500);
        Assert.Equal(_store.All.Count(), _store.Contacts);
    }

    [Fact]
    public void TryAdd_Again_ProlongsAndReplacesTheClaim()
    {
        _store.TryAdd(Own, new StoredContact(SimulatedNetworks.Address(1), TimeSpan.FromMinutes(45), []), TimeSpan.Zero);
        _store.TryAdd(Own, new StoredContact(SimulatedNetworks.Address(1), TimeSpan.FromMinutes(60), [1]), TimeSpan.FromMinutes(15));

        Assert.Equal((TimeSpan.FromMinutes(60), 1), (Assert.Single(Sample(Own)).Expires, Sample(Own)[0].Claim.Length));
        Assert.Equal(1, _store.Contacts);
    }

    [Fact]
    public void Expire_AfterTheirLife_NothingIsLeft()
    {
        for (var i = 0; i < 300; i++)
        {
            _store.TryAdd(
                NodeId.Create(_random), new StoredContact(SimulatedNetworks.Address(i % 40), TimeSpan.FromMinutes(i), []), TimeSpan.Zero);
        }

        _store.Expire(TimeSpan.FromMinutes(300));

        Assert.Equal((0, 0), (_store.Keys, _store.Contacts));
    }

    [Fact]
    public void Sample_ManyTimes_GivesEveryoneTheirTurnToBeFirst()
    {
        for (var i = 0; i < 50; i++)
        {
            Add(Own, i);
        }

        Assert.InRange(Enumerable.Range(0, 500).Select(_ => Sample(Own)[0].Peer).Distinct().Count(), 45, 50);
    }

    private void Add(NodeId key, int address) =>
        _store.TryAdd(key, Contact(SimulatedNetworks.Address(address)), TimeSpan.Zero);

    private static StoredContact Contact(UdpEndpoint peer) => new(peer, TimeSpan.FromMinutes(45), []);

    private List<StoredContact> Sample(NodeId key)
    {
        var sample = new List<StoredContact>();
        _store.Sample(key, SimulatedNetworks.Address(0), TimeSpan.Zero, sample);
        return sample;
    }
}
