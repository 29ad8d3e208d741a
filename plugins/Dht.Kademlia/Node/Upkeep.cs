using AptP2P.Dht.Kademlia.Announcing;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Routing;
using AptP2P.Dht.Kademlia.Storage;

namespace AptP2P.Dht.Kademlia.Node;

/// <summary>
/// What a node does regularly, a little at a time: asks contacts that were silent for long, refreshes buckets, announces again, and forgets
/// what has expired.
/// </summary>
internal sealed class Upkeep(
    NodeParts parts, Stores stores, Admission admission, Announcer announcer, Joining joining) : ILookupSink
{
    private readonly HashSet<Family> _filled = [];
    private int _ticks;
    private TimeSpan _probePause = TimeSpan.FromSeconds(30); // short after the start, when most nodes are new
    private TimeSpan _probe = TimeSpan.FromSeconds(30);

    public void Start() => parts.Deadlines.After(parts.Options.UpkeepInterval, static self => ((Upkeep)self!).Tick(), this);

    public bool IsSatisfied => true;

    public void Answered(Lookup lookup, Candidate candidate, in KrpcMessage answer)
    {
    }

    public void Ended(Lookup lookup)
    {
    }

    private void Tick()
    {
        parts.Deadlines.After(parts.Options.UpkeepInterval, static self => ((Upkeep)self!).Tick(), this);
        foreach (var family in parts.Families.All)
        {
            AskSilent(family);
            RefreshOne(family);
            Fill(family);
            family.MeasureNeighbourhood();
        }

        joining.TakeIds(few: true);
        if (parts.Deadlines.Now >= _probe)
        {
            _probe = parts.Deadlines.Now + _probePause;
            _probePause = _probePause * 4 < parts.Options.ProbeInterval ? _probePause * 4 : parts.Options.ProbeInterval;
            joining.Probe();
        }

        if (_ticks++ % 6 == 0)
        {
            stores.Expire(parts.Deadlines.Now);
        }

        announcer.AnnounceDue();
    }

    // A node that was not heard of for 15 minutes is questionable (BEP 5). A node that did not answer is asked again soon: either a packet
    // was lost, or its place should go to another. A few are asked at a time, so that there is never a burst.
    private void AskSilent(Family family)
    {
        var now = parts.Deadlines.Now;
        var left = 2 + (family.Table.Count / 16);
        foreach (var contact in family.Table.Contacts)
        {
            var life = contact.IsConfirmed ? parts.Options.GoodNodeLife : parts.Options.ConfirmAfter;
            var isDue = contact.Failures > 0
                ? now - contact.LastAsked >= parts.Options.RetryPause
                : now - contact.LastHeard >= life && now - contact.LastAsked >= life;
            if (isDue && left-- > 0)
            {
                contact.LastAsked = now;
                admission.Ping(family, contact.Id, contact.Endpoint);
            }
        }
    }

    private void RefreshOne(Family family)
    {
        var before = parts.Deadlines.Now - parts.Options.BucketRefresh;
        foreach (var (prefix, bucket) in family.Table.Buckets)
        {
            if (bucket.LastTouched < before)
            {
                Refresh(family, prefix);
                return;
            }
        }
    }

    /// <summary>
    /// When a node has found its neighbours, it looks into the rest of the key space (Kademlia, section 2.3), so that already its first
    /// look-ups begin near their targets.
    /// </summary>
    private void Fill(Family family)
    {
        var deepest = family.Table.Closest(family.Id, 1) is [var nearest] ? family.Id.CommonPrefix(nearest.Id) : 0;
        if (deepest > 0 && _filled.Add(family))
        {
            for (var prefix = 0; prefix < Math.Min(deepest, parts.Options.BucketsToFill); prefix++)
            {
                var at = prefix;
                parts.Deadlines.After(parts.Options.FillPause * (prefix + 1), _ => Refresh(family, at), null);
            }
        }
    }

    private void Refresh(Family family, int prefix)
    {
        family.Table.Touch(prefix, parts.Deadlines.Now);
        var plan = new LookupPlan(KrpcMethod.FindNode, family.Id.WithCommonPrefix(prefix, parts.Random), parts.Options.Parallelism);
        new Lookup(family, plan, parts, this).Start([]);
    }
}
