using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Announcing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Queries;
using AptP2P.Dht.Kademlia.Routing;
using AptP2P.Dht.Kademlia.State;
using AptP2P.Dht.Kademlia.Storage;

namespace AptP2P.Dht.Kademlia.Node;

/// <summary>Collects what a node keeps over a restart, and puts it back. In the saved state, times are calendar times.</summary>
internal sealed class NodeMemory(KademliaOptions options, Deadlines deadlines, FamilySet families, Stores stores, OwnAnnouncements own)
{
    public NodeState Save()
    {
        var (now, utcNow) = (deadlines.Now, deadlines.UtcNow);
        return new NodeState
        {
            IdV4 = families.V4?.Id,
            IdV6 = families.V6?.Id,
            Nodes =
            [
                .. families
                    .All.SelectMany(static family => family.Table.Contacts)
                    .Where(static contact => contact.Failures == 0)
                    .Select(static contact => contact.Endpoint),
            ],
            Announced = [.. own.All.Select(static own => (own.Key, own.Content))],
            Contacts =
            [
                .. stores.Contacts.All.Select(stored => new SavedContact(
                    stored.Key, stored.Contact.Peer, utcNow + (stored.Contact.Expires - now), stored.Contact.Claim)),
            ],
            Items = [.. stores.Items.All.Select(item => new SavedItem(utcNow + (item.Expires - now), item.Value, item.Owner))],
        };
    }

    /// <summary>Puts back what was announced and stored, without what has expired meanwhile.</summary>
    public void Restore(NodeState state)
    {
        var (now, utcNow) = (deadlines.Now, deadlines.UtcNow);
        foreach (var (key, content) in state.Announced)
        {
            own.Set(new OwnAnnouncement(key, content));
        }

        foreach (var contact in state.Contacts)
        {
            var left = contact.Expires - utcNow;
            if (left > TimeSpan.Zero && left <= options.ContactLife && contact.Peer.CanBeNode() && contact.Peer.Port >= options.LowestPort)
            {
                stores.Contacts.TryAdd(contact.Key, new StoredContact(contact.Peer, now + left, contact.Claim), now);
            }
        }

        foreach (var item in state.Items)
        {
            var left = item.Expires - utcNow;
            if (left > TimeSpan.Zero && left <= options.ItemLife)
            {
                stores.Items.TryAdd(item.Value, item.Owner, now + left);
            }
        }
    }
}
