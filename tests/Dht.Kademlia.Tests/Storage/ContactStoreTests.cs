using Xunit;

namespace AptP2P.Dht.Kademlia.Tests;

public sealed class ContactStoreTests
{
    private static readonly NodeId Own = NodeId.Create(new Random(0));

    private readonly Random _random = new(1);
    private readonly KademliaOptions _options = new() { MaxKeys = 100, MaxContacts = 500, MaxContactsPerKey = 50 };
    private readonly ContactStore _store;

    public ContactStoreTests() => _store = new ContactStore(Own, _options, _random);

    [Fact]
    public void TryAdd_FloodOfKeys_KeepsTheNearest()
    {
        var near = Enumerable.Range(0, 50).Select(_ => Own.WithCommonPrefix(30, _random)).ToList();
        near.ForEach(key => Add(key, 1));
        for (var i = 0; i < 10_000; i++)
        {
            Add(NodeId.Create(_random), 2 + i);
        }

        Assert.Equal(100, _store.Keys);
        Assert.InRange(_store.Contacts, 100, 500);
        Assert.All(near, key => Assert.Single(Sample(key)));
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
            _store.TryAdd(NodeId.Create(_random), new StoredContact(SimulatedNetworks.Address(i % 40), TimeSpan.FromMinutes(i), []), TimeSpan.Zero);
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
        _store.TryAdd(key, new StoredContact(SimulatedNetworks.Address(address), TimeSpan.FromMinutes(45), []), TimeSpan.Zero);

    private List<StoredContact> Sample(NodeId key)
    {
        var sample = new List<StoredContact>();
        _store.Sample(key, SimulatedNetworks.Address(0), TimeSpan.Zero, sample);
        return sample;
    }
}
