using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Storage;

/// <summary>What a node keeps for others.</summary>
internal sealed class Stores(KademliaOptions options, Random random)
{
    public ContactStore Contacts { get; } = new(options, random);

    public ItemStore Items { get; } = new(options);

    /// <summary>Forgets what has expired.</summary>
    public void Expire(TimeSpan now)
    {
        Contacts.Expire(now);
        Items.Expire(now);
    }
}
