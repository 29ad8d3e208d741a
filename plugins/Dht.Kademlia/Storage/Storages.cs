using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Node;

namespace AptP2P.Dht.Kademlia.Storage;

/// <summary>What a node keeps for others, and what they must show for it.</summary>
internal sealed class Storages(KademliaOptions options, Random random)
{
    public ContactStore Contacts { get; } = new(options, random);

    public ItemStore Items { get; } = new(options);

    public Tokens Tokens { get; } = new(options, random);

    /// <summary>Whether somebody may want to keep a key here: nobody asks a node for keys that others are far nearer to.</summary>
    public bool IsInReach(NodeId key, Family family) => (key ^ family.Id).Fraction <= family.Size.PlausibleDistance(options.FarthestRank);

    public void Expire(TimeSpan now)
    {
        Contacts.Expire(now);
        Items.Expire(now);
    }
}
