using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Announcing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Queries;
using AptP2P.Dht.Kademlia.Routing;
using AptP2P.Dht.Kademlia.State;
using AptP2P.Dht.Kademlia.Storage;

namespace AptP2P.Dht.Kademlia.Node;

/// <summary>Collects what a node keeps over a restart, and puts it back. In the saved state, times are calendar times.</summary>
internal sealed class NodeMemory(
    KademliaOptions options, Deadlines deadlines, FamilySet families, Stores stores, OwnAnnouncements own, Random random)
{
    // If all nodes have restarted, their tables are empty for some seconds, and whoever looks for the nearest nodes to a key finds others.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);

    public NodeState Save()
    {
        var (now, utcNow) = (deadlines.Now, deadlines.UtcNow);
        var nodes = families.All.SelectMany(static family => family.Table.Contacts).Where(static contact => contact.Failures == 0).ToList();
        return new NodeState
        {
            IdV4 = families.V4?.Id,
            IdV6 = families.V6?.Id,
            IsOpenV4 = families.V4?.Standing.AnswersWorld ?? false,
            IsOpenV6 = families.V6?.Standing.AnswersWorld ?? false,
            PortV4 = families.V4?.ToldPort ?? 0,
            PortV6 = families.V6?.ToldPort ?? 0,
            Nodes = [.. nodes.Select(static contact => contact.Endpoint)],
            NodeIds = [.. nodes.Select(static contact => contact.Id)],
            Saved = utcNow,
            Announced = [.. own.All.Select(Save)],
            Contacts =
            [
                .. stores.Contacts.All.Select(stored => new SavedContact(
                    stored.Key, stored.Contact.Peer, utcNow + (stored.Contact.Expires - now), stored.Contact.Claim)),
            ],
            Items = [.. stores.Items.All.Select(item => new SavedItem(utcNow + (item.Expires - now), item.Value, item.Owner))],
        };

        SavedAnnouncement Save(OwnAnnouncement announced) => new(announced.Key, announced.Content)
        {
            DueV4 = families.V4 is { } v4 && !announced.IsOwedIn(v4) ? At(announced.DueIn(v4)) : DateTimeOffset.UnixEpoch,
            DueV6 = families.V6 is { } v6 && !announced.IsOwedIn(v6) ? At(announced.DueIn(v6)) : DateTimeOffset.UnixEpoch,
            ItemDue = At(announced.ItemDue),
        };

        DateTimeOffset At(TimeSpan due) => due > TimeSpan.Zero ? utcNow + (due - now) : DateTimeOffset.UnixEpoch;
    }

    /// <summary>Puts back what was announced and stored, without what has expired meanwhile.</summary>
    public void Restore(NodeState state)
    {
        var (now, utcNow) = (deadlines.Now, deadlines.UtcNow);
        foreach (var family in families.All)
        {
            var port = family.IsV6 ? state.PortV6 : state.PortV4;
            family.ToldPort = port == 0 ? family.ToldPort : port;
        }

        foreach (var announced in state.Announced)
        {
            var announcement = new OwnAnnouncement(announced.Key, announced.Content)
            {
                ItemDue = DueIn(announced.ItemDue, options.ItemRepublish, out _),
            };
            foreach (var family in families.All)
            {
                var due = DueIn(family.IsV6 ? announced.DueV6 : announced.DueV4, options.ReannounceMax, out var isKept);
                announcement.SetDue(family, due, isKept);
            }

            own.Set(announcement);
        }

        if (utcNow - state.Saved is var age && age >= TimeSpan.Zero && age < options.GoodNodeLife)
        {
            foreach (var (id, endpoint) in state.NodeIds.Zip(state.Nodes))
            {
                families.Of(endpoint)?.Recent.Met(id, endpoint, now);
            }
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

        // What became due while the node was down is spread, since others may have been down with it.
        TimeSpan DueIn(DateTimeOffset due, TimeSpan longest, out bool isKept)
        {
            var (left, soon) = (due - utcNow, Settling + (options.AnnounceSpread * random.NextDouble()));
            isKept = left > TimeSpan.Zero && left <= longest;
            return now + (isKept && left > Settling ? left : soon);
        }
    }
}
