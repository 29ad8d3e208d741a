namespace AptP2P.Dht.Kademlia;

/// <summary>Keeps known what this node has: at once when it is new, again before others forget, and to nodes that come while there are few.</summary>
internal sealed class Announcer(NodeParts parts, FamilySet families, OwnAnnouncements own, Joining joining, ushort port)
{
    private readonly Queue<(OwnAnnouncement Announcement, TaskCompletionSource? Waiter)> _waiting = new();
    private int _running;

    /// <summary>Announces something new; the task ends when the nearest nodes have it, or when nobody can be found to have it.</summary>
    public Task Announce(OwnAnnouncement announcement)
    {
        own.Set(announcement);
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue((announcement, waiter));
        Advance();
        return waiter.Task;
    }

    /// <summary>A node has come. While the network is small it is probably among the nearest to everything.</summary>
    public void NodeCame(Family family)
    {
        if (family.Table.Count <= parts.Options.BucketSize)
        {
            foreach (var announcement in own.All)
            {
                announcement.Due = TimeSpan.Zero;
            }

            AnnounceDue();
        }
    }

    /// <summary>Announces again what is due.</summary>
    public void AnnounceDue()
    {
        var now = parts.Deadlines.Now;
        foreach (var announcement in own.All)
        {
            if (announcement.Due <= now)
            {
                announcement.Due = NextDue(now);
                _waiting.Enqueue((announcement, null));
            }
        }

        Advance();
    }

    private void Advance()
    {
        while (_running < parts.Options.MaxAnnouncesAtOnce && _waiting.TryDequeue(out var next))
        {
            var (announcement, waiter) = next;
            announcement.Due = NextDue(parts.Deadlines.Now);
            var open = families.All.Count;
            _running += open;
            foreach (var family in families.All)
            {
                new ContactPlacement(announcement.Key, port, announcement.Claim, parts, Done).Start(family, joining.EntrancesFor(family));
            }

            void Done(ContactPlacement placement)
            {
                _running--;
                if (--open == 0)
                {
                    waiter?.TrySetResult();
                }

                Advance();
            }
        }
    }

    private TimeSpan NextDue(TimeSpan now)
    {
        var spread = parts.Options.ReannounceMax - parts.Options.ReannounceMin;
        return now + parts.Options.ReannounceMin + (spread * parts.Random.NextDouble());
    }
}
