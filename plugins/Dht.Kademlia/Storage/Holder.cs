using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Storage;

/// <summary>A host that holds some of a store, or the site that it is in.</summary>
internal sealed class Holder(UdpEndpoint name, Holder? site)
{
    private Holding? _newest;

    public UdpEndpoint Name { get; } = name;

    /// <summary>Of a host, the site.</summary>
    public Holder? Site { get; } = site;

    /// <summary>Of a site, its hosts.</summary>
    public Ranking? Hosts { get; } = site is null ? new Ranking() : null;

    /// <summary>How much it holds. Changed by the <see cref="Ranking"/> that it is in, whose links these are.</summary>
    public int Count { get; set; }

    public Holder? Before { get; set; }

    public Holder? After { get; set; }

    /// <summary>For whoever counts something of each holder, one count at a time.</summary>
    public int Tally { get; set; }

    /// <summary>What it renewed longest ago.</summary>
    public Holding? Oldest { get; private set; }

    public void Append(Holding holding)
    {
        (holding.Holder, holding.Older, holding.Newer) = (this, _newest, null);
        if (_newest is null)
        {
            Oldest = holding;
        }
        else
        {
            _newest.Newer = holding;
        }

        _newest = holding;
    }

    public void Unlink(Holding holding)
    {
        if (holding.Older is { } older)
        {
            older.Newer = holding.Newer;
        }
        else
        {
            Oldest = holding.Newer;
        }

        if (holding.Newer is { } newer)
        {
            newer.Older = holding.Older;
        }
        else
        {
            _newest = holding.Older;
        }
    }
}
