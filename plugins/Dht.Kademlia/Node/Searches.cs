using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Announcing;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Storage;

namespace AptP2P.Dht.Kademlia.Node;

/// <summary>Finds peers and items: first among what this node itself keeps, then in the network.</summary>
internal sealed class Searches(NodeParts parts, Stores stores, OwnAnnouncements own)
{
    private readonly SearchQueue _queue = new(parts.Options.MaxSearchesAtOnce);

    public PeerSearch FindPeers(NodeId key, IPeerSink sink)
    {
        var search = new PeerSearch(key, parts, sink) { WhenEnded = _queue.Ended };
        var kept = new List<StoredContact>();
        foreach (var family in parts.Families.All)
        {
            stores.Contacts.Sample(key, family.Loopback, parts.Deadlines.Now, kept);
            foreach (var contact in kept)
            {
                search.Offer(family, contact.Peer, contact.Claim);
            }
        }

        _queue.Add(search);
        return search;
    }

    public ItemSearch FindItem(NodeId target)
    {
        var search = new ItemSearch(target);
        if ((stores.Items.Find(target, parts.Deadlines.Now) ?? own.FindItem(target)) is { } item)
        {
            search.Found(item);
        }
        else
        {
            search.Start(parts);
        }

        return search;
    }
}
