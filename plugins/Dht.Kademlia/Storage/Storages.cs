namespace AptP2P.Dht.Kademlia;

/// <summary>What a node keeps for others, and what they must show for it.</summary>
internal sealed class Storages(NodeId own, KademliaOptions options, Random random)
{
    public ContactStore Contacts { get; } = new(own, options, random);

    public ItemStore Items { get; } = new(own, options);

    public Tokens Tokens { get; } = new(options, random);

    public void Expire(TimeSpan now)
    {
        Contacts.Expire(now);
        Items.Expire(now);
    }
}
