using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Queries;
using AptP2P.Dht.Kademlia.Routing;

namespace AptP2P.Dht.Kademlia.Announcing;

/// <summary>
/// Stores piece lists of 5 to 31 pieces as immutable items (<see href="https://www.bittorrent.org/beps/bep_0044.html">BEP 44</see>), and
/// again every hour. The target of a list has nothing to do with the key of the content, so each list needs a look-up of its own: a few at
/// a time, in the background.
/// </summary>
internal sealed class ItemPublisher(NodeParts parts, OwnAnnouncements own)
{
    private int _running;
    private bool _publishing;

    public void Publish(OwnAnnouncement announcement)
    {
        if (announcement.ItemTarget is not null)
        {
            PublishDue();
        }
    }

    public void PublishDue()
    {
        if (_publishing)
        {
            return; // a look-up that knows nobody ends while it is started, and calls this
        }

        _publishing = true;
        var now = parts.Deadlines.Now;
        foreach (var announcement in own.All)
        {
            if (_running >= parts.Options.MaxItemsAtOnce)
            {
                break;
            }

            if (announcement.ItemDue <= now && announcement.ItemTarget is not null)
            {
                announcement.ItemDue = now + parts.Options.ItemRepublish;
                Start(announcement);
            }
        }

        _publishing = false;
    }

    private void Start(OwnAnnouncement announcement)
    {
        var item = ClaimCodec.ToItem(announcement.Content.Pieces!);
        var plan = new LookupPlan(KrpcMethod.Get, NodeId.HashOf(item), parts.Options.AnnounceParallelism, KeepTokens: true);
        var ways = Placement.Ways(plan, parts);
        var (open, stored) = (ways.Count, 0);
        _running++;
        foreach (var (family, way) in ways)
        {
            new Placement(way, Put, parts, Placed).Start(family);
        }

        Query? Put(Family family, Candidate node, byte[] token, IQueryOwner owner, object? tag) => parts.Queries.Send(
            family, node.Endpoint, node.Id, new QueryBody { Method = KrpcMethod.Put, Token = token, Value = item }, owner, tag);

        void Placed(Placement placement)
        {
            stored += placement.Stored;
            if (--open > 0)
            {
                return;
            }

            _running--;
            if (stored == 0)
            {
                announcement.ItemDue = parts.Deadlines.Now + parts.Options.AnnounceRetry;
            }

            PublishDue();
        }
    }
}
