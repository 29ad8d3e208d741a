namespace AptP2P.Dht.Kademlia;

/// <summary>
/// Stores piece lists of 5 to 31 pieces as immutable items (BEP 44) and repeats it every hour. A list's target has nothing to do with the
/// content's key, so each needs a look-up of its own; few at a time, in the background.
/// </summary>
internal sealed class ItemPublisher(NodeParts parts, FamilySet families, OwnAnnouncements own, Joining joining)
{
    private int _running;

    public void Publish(OwnAnnouncement announcement)
    {
        if (announcement.ItemTarget is not null)
        {
            PublishDue();
        }
    }

    public void PublishDue()
    {
        var now = parts.Deadlines.Now;
        foreach (var announcement in own.All)
        {
            if (_running >= parts.Options.MaxItemsAtOnce)
            {
                return;
            }

            if (announcement.ItemDue <= now && announcement.ItemTarget is not null)
            {
                announcement.ItemDue = now + parts.Options.ItemRepublish;
                Start(ClaimCodec.ToItem(announcement.Content.Pieces!));
            }
        }
    }

    private void Start(byte[] item)
    {
        var plan = new LookupPlan(KrpcMethod.Get, NodeId.HashOf(item), parts.Options.AnnounceParallelism, KeepTokens: true);
        _running += families.All.Count;
        foreach (var family in families.All)
        {
            new Placement(plan, Put, parts, _ => _running--).Start(family, joining.EntrancesFor(family));
        }

        Query? Put(Family family, Candidate node, byte[] token, IQueryOwner owner, object? tag) => parts.Queries.Send(
            family, node.Endpoint, node.Id, new QueryBody { Method = KrpcMethod.Put, Token = token, Value = item }, owner, tag);
    }
}
