namespace AptP2P.Dht.Kademlia;

/// <summary>What a node does by itself, little by little: asks after contacts that were silent for long, refreshes buckets, forgets.</summary>
internal sealed class Upkeep(NodeParts parts, FamilySet families, Storages storages, Admission admission, Announcer announcer) : ILookupSink
{
    private int _ticks;

    public void Start() => parts.Deadlines.After(parts.Options.UpkeepInterval, static self => ((Upkeep)self!).Tick(), this);

    public void Answered(Lookup lookup, Candidate candidate, in KrpcMessage answer)
    {
    }

    public void Ended(Lookup lookup)
    {
    }

    private void Tick()
    {
        parts.Deadlines.After(parts.Options.UpkeepInterval, static self => ((Upkeep)self!).Tick(), this);
        foreach (var family in families.All)
        {
            AskSilent(family);
            RefreshOne(family);
        }

        if (_ticks++ % 6 == 0)
        {
            storages.Contacts.Expire(parts.Deadlines.Now);
        }

        announcer.AnnounceDue();
    }

    // BEP 5: a node not heard of for 15 minutes is questionable. Spread, so that there is never a burst.
    private void AskSilent(Family family)
    {
        var before = parts.Deadlines.Now - parts.Options.GoodNodeLife;
        var left = 1 + (family.Table.Count / 64);
        foreach (var contact in family.Table.Contacts)
        {
            if (contact.LastHeard < before && left-- > 0)
            {
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
                bucket.LastTouched = parts.Deadlines.Now;
                var target = family.Id.WithCommonPrefix(prefix, parts.Random);
                var plan = new LookupPlan(KrpcMethod.FindNode, target, parts.Options.Parallelism);
                new Lookup(family, plan, parts, this).Start([]);
                return;
            }
        }
    }
}
