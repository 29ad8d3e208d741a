using AptP2P.Neighbours.Lan.Configuration;
using AptP2P.Neighbours.Lan.Links;
using AptP2P.Neighbours.Lan.Listening;

namespace AptP2P.Neighbours.Lan.Announcing;

/// <summary>The links that are used now, and when something is to be said on each.</summary>
internal sealed class LinkTable(LanOptions options, Random random, TimeProvider time)
{
    private const int MaxBeacons = 256; // containers come and go, each with an interface of its own

    private readonly Lock _lock = new();
    private readonly Dictionary<int, Link> _links = [];
    private readonly Dictionary<int, Beacon> _beacons = []; // those of links that have gone, too: how much they have said counts on

    public IReadOnlyList<Link> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _links.Values];
            }
        }
    }

    /// <summary>Takes note of the links that there are now.</summary>
    /// <param name="links">All of them.</param>
    /// <param name="hasChanged">Whether the machine may be in another network, though nothing shows it.</param>
    /// <returns>Whether some are new.</returns>
    public bool Update(Link[] links, bool hasChanged)
    {
        lock (_lock)
        {
            foreach (var gone in _links.Keys.Except(links.Select(link => link.Index)).ToArray())
            {
                _links.Remove(gone);
            }

            var hasNew = false;
            foreach (var link in links)
            {
                if (!link.IsSameAs(_links.GetValueOrDefault(link.Index)))
                {
                    _links[link.Index] = link;
                    Begin(link.Index);
                    hasNew = true;
                }
                else if (hasChanged)
                {
                    _beacons[link.Index].Change();
                }
            }

            return hasNew;
        }
    }

    public Link? Find(int index)
    {
        lock (_lock)
        {
            return _links.GetValueOrDefault(index);
        }
    }

    /// <summary>Somebody was heard on a link.</summary>
    public void Hear(int index, Sighting sighting)
    {
        lock (_lock)
        {
            _beacons.GetValueOrDefault(index)?.Hear(sighting);
        }
    }

    /// <summary>Those on which something is to be said now, which then counts as said; and how long nothing is after that.</summary>
    public (Link[] Due, TimeSpan Wait) TakeDue()
    {
        lock (_lock)
        {
            Link[] due = [.. _links.Values.Where(link => _beacons[link.Index].TryTake())];
            var wait = _links.Keys.Select(index => _beacons[index].Wait).DefaultIfEmpty(options.Interval).Min();
            return (due, TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds))); // a timer takes whole ones, and would be early
        }
    }

    private void Begin(int index)
    {
        if (_beacons.TryGetValue(index, out var known))
        {
            known.Restart();
            return;
        }

        foreach (var gone in _beacons.Count >= MaxBeacons ? _beacons.Keys.Except(_links.Keys).ToArray() : [])
        {
            _beacons.Remove(gone);
        }

        _beacons[index] = new Beacon(options, random, time);
    }
}
