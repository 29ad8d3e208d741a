using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Queries;
using AptP2P.Dht.Kademlia.Routing;

namespace AptP2P.Dht.Kademlia.Announcing;

/// <summary>
/// Makes known what this node has, and keeps it known. A new content is announced at once. All are announced again, region by region,
/// before others forget them. A node that comes into the table gets the keys that it is among the nearest to.
/// </summary>
internal sealed class Announcer(
    NodeParts parts, OwnAnnouncements own, ItemPublisher items)
{
    private readonly List<RegionSweep> _sweeps = [];
    private int _placing;
    private int _bringing;

    /// <summary>
    /// Announces a new content. The task ends when enough nodes have stored it for it to be found, or when there are no more nodes.
    /// </summary>
    public Task Announce(OwnAnnouncement announcement)
    {
        own.Find(announcement.Key)?.Waiter?.TrySetResult();
        own.Set(announcement);
        items.Publish(announcement);
        announcement.Waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiter = announcement.Waiter;
        if (_placing < parts.Options.MaxAnnouncesAtOnce)
        {
            Place(announcement);
        }
        else
        {
            AnnounceDue(); // too many at a time: this one is announced with its region
        }

        return waiter.Task;
    }

    /// <summary>Withdraws all but these.</summary>
    public void KeepOnly(IReadOnlySet<NodeId> keys)
    {
        foreach (var gone in own.All.Where(announcement => !keys.Contains(announcement.Key)).ToList())
        {
            Withdraw(gone.Key);
        }
    }

    /// <summary>
    /// Has announcements repeated in a family soon, spread over some time: others can reach this node now, or do so elsewhere.
    /// </summary>
    /// <param name="family">The family.</param>
    /// <param name="all">Whether others know nothing that is right; if not, only what near nodes alone were told.</param>
    public void AnnounceAll(Family family, bool all)
    {
        foreach (var announcement in own.All)
        {
            if (!all && !announcement.IsOwedIn(family))
            {
                continue;
            }

            var soon = parts.Deadlines.Now + (parts.Options.AnnounceSpread * parts.Random.NextDouble());
            if (soon < announcement.DueIn(family))
            {
                announcement.SetDue(family, soon);
            }
        }
    }

    public void Withdraw(NodeId key)
    {
        if (own.Find(key) is { } announcement)
        {
            own.Remove(key);
            announcement.Waiter?.TrySetResult();
        }
    }

    /// <summary>Announces again what is due: in each family, the region around the key that has waited longest.</summary>
    public void AnnounceDue()
    {
        items.PublishDue();
        foreach (var family in parts.Families.All)
        {
            if (_sweeps.Count(sweep => sweep.Family == family) < parts.Options.MaxSweepsAtOnce && LongestDue(family) is { } center)
            {
                var sweep = new RegionSweep(parts, family, own, center, Swept);
                _sweeps.Add(sweep);
                sweep.Start();
            }
        }
    }

    /// <summary>
    /// A node has come into the table. It gets the keys that it is probably among the nearest to, so that they need not wait for the next
    /// sweep.
    /// </summary>
    public void NodeCame(Family family, Contact contact)
    {
        if (own.Count == 0
            || !(contact.Complies || family.Table.IsYoung)
            || !family.AnnouncesTo(contact.Endpoint)
            || _bringing >= parts.Options.MaxAnnouncesAtOnce)
        {
            return;
        }

        var share =
            family.Table.Count <= parts.Options.BucketSize || !family.Size.IsKnown
                ? 1
                : family.Size.ExpectedDistance(parts.Options.BucketSize);
        var bits = share >= 1 ? 0 : (int)Math.Floor(-Math.Log2(share));
        var keys = own.InRegion(contact.Id, bits)
            .Where(key => !key.IsKeptIn(family) && IsAmongNearest(family, contact, key.Key))
            .ToList();
        if (keys.Count > 0)
        {
            _bringing++;
            var node = new Candidate(contact.Id, contact.Endpoint, hop: 0);
            new KeyDelivery(parts, family, node, keys[0], keys, () => _bringing--).Start();
        }
    }

    private bool IsAmongNearest(Family family, Contact contact, NodeId key)
    {
        var nearest = family.Table.Closest(key, parts.Options.BucketSize);
        return nearest.Length < parts.Options.BucketSize || !nearest[^1].Id.IsCloserTo(key, contact.Id);
    }

    private void Place(OwnAnnouncement announcement)
    {
        var plan = new LookupPlan(KrpcMethod.GetPeers, announcement.Key, parts.Options.AnnounceParallelism, KeepTokens: true);
        var ways = Placement.Ways(plan, parts);
        var open = ways.Count;
        _placing += open;
        foreach (var (family, way) in ways)
        {
            announcement.SetDue(family, NextDue());
            announcement.SetOwed(family, !family.Standing.AnnouncesToWorld);
            new Placement(way, AnnouncePeer, parts, placement => Placed(family, placement))
            {
                WhenKnown = () => announcement.Waiter?.TrySetResult(),
            }.Start(family);
        }

        Query? AnnouncePeer(Family family, Candidate node, byte[] token, IQueryOwner owner, object? tag)
        {
            var body = new QueryBody
            {
                Method = KrpcMethod.AnnouncePeer,
                Target = announcement.Key,
                Port = family.PortFor(node.Endpoint),
                Token = token,
                Claim = announcement.Claim,
            };
            return parts.Queries.Send(family, node.Endpoint, node.Id, body, owner, tag);
        }

        void Placed(Family family, Placement placement)
        {
            _placing--;
            if (placement.Stored == 0 && family.Table.Count > 0 && !(family.Standing.AnnouncesToWorld && placement.IsNear))
            {
                announcement.SetDue(family, parts.Deadlines.Now + parts.Options.AnnounceRetry);
            }

            if (--open == 0)
            {
                announcement.Waiter?.TrySetResult();
            }
        }
    }

    private void Swept(RegionSweep sweep, List<OwnAnnouncement> keys)
    {
        _sweeps.Remove(sweep);
        // The same for all keys, so that the region stays together.
        var due = sweep.FoundNobody || sweep.FoundTooFew ? parts.Deadlines.Now + parts.Options.AnnounceRetry : NextDue();
        sweep.Center.SetDue(sweep.Family, due);
        sweep.Center.SetOwed(sweep.Family, sweep.IsNear);
        foreach (var key in keys)
        {
            key.SetDue(sweep.Family, due);
            key.SetOwed(sweep.Family, sweep.IsNear);
            key.Waiter?.TrySetResult();
        }

        AnnounceDue();
    }

    private OwnAnnouncement? LongestDue(Family family)
    {
        var now = parts.Deadlines.Now;
        var longest = default(OwnAnnouncement);
        foreach (var announcement in own.All)
        {
            var due = announcement.DueIn(family);
            if (due <= now
                && (longest is null || due < longest.DueIn(family))
                && !_sweeps.Exists(sweep => sweep.Family == family && sweep.Center == announcement))
            {
                longest = announcement;
            }
        }

        return longest;
    }

    private TimeSpan NextDue()
    {
        var spread = parts.Options.ReannounceMax - parts.Options.ReannounceMin;
        return parts.Deadlines.Now + parts.Options.ReannounceMin + (spread * parts.Random.NextDouble());
    }
}
