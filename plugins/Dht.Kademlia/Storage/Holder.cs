using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Storage;

/// <summary>A host for which a store keeps something, or the site of such hosts.</summary>
internal sealed class Holder(UdpEndpoint name, Holder? site)
{
    private Holding? _newest;

    public UdpEndpoint Name { get; } = name;

    /// <summary>The site of a host.</summary>
    public Holder? Site { get; } = site;

    /// <summary>The hosts of a site.</summary>
    public Ranking? Hosts { get; } = site is null ? new Ranking() : null;

    /// <summary>How much it holds. Only the <see cref="Ranking"/> that it is in changes this and the links below.</summary>
    public int Count { get; set; }

    public Holder? Before { get; set; }

    public Holder? After { get; set; }

    /// <summary>For a count over all holders, one count at a time.</summary>
    public int Tally { get; set; }

    /// <summary>The holding that was renewed longest ago.</summary>
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
