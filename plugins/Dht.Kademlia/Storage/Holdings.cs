namespace AptP2P.Dht.Kademlia;

/// <summary>Something kept for somebody.</summary>
internal abstract class Holding
{
    public Holder? Holder { get; set; }

    public Holding? Older { get; set; }

    public Holding? Newer { get; set; }
}

/// <summary>
/// Who holds how much of a store: each host, and together each site. Nobody gets more than a quota, and of a full store it is the largest
/// holder who gives: of the largest site the largest host, and of that what it renewed longest ago. So who floods a store empties their own
/// part of it, and who has little keeps it.
/// </summary>
internal sealed class Holdings(int perHost, int perSite)
{
    private readonly Dictionary<UdpEndpoint, Holder> _hosts = [];
    private readonly Dictionary<UdpEndpoint, Holder> _sites = [];
    private readonly SortedSet<Holder> _bySize = new(Holder.BySize);
    private long _holders;

    public int Count { get; private set; }

    /// <summary>Whether somebody's quota allows one more.</summary>
    public bool HasRoomFor(UdpEndpoint owner) => SizeOf(_hosts, owner.Host) < perHost && SizeOf(_sites, owner.Site) < perSite;

    /// <summary>Whether somebody holds less than whom a holding counts for.</summary>
    public bool HasLess(UdpEndpoint owner, Holding than)
    {
        var (site, sites) = (SizeOf(_sites, owner.Site), than.Holder!.Site!.Count);
        return site < sites || (site == sites && SizeOf(_hosts, owner.Host) < than.Holder.Count);
    }

    public void Add(Holding holding, UdpEndpoint owner)
    {
        if (!_hosts.TryGetValue(owner.Host, out var host))
        {
            if (!_sites.TryGetValue(owner.Site, out var site))
            {
                _sites.Add(owner.Site, site = new Holder(owner.Site, null, _holders++));
            }

            _hosts.Add(owner.Host, host = new Holder(owner.Host, site, _holders++));
        }

        host.Append(holding);
        Resize(host, 1);
    }

    /// <summary>It was asked for again, and so is the last of its holder's to go.</summary>
    public static void Renew(Holding holding)
    {
        var host = holding.Holder!;
        host.Unlink(holding);
        host.Append(holding);
    }

    public void Remove(Holding holding)
    {
        var host = holding.Holder!;
        host.Unlink(holding);
        Resize(host, -1);
    }

    /// <summary>What goes first of a full store.</summary>
    public Holding First() => _bySize.Max!.Hosts.Max!.Oldest!;

    private static int SizeOf(Dictionary<UdpEndpoint, Holder> holders, UdpEndpoint name) => holders.TryGetValue(name, out var holder) ? holder.Count : 0;

    private void Resize(Holder host, int by)
    {
        var site = host.Site!;
        Count += by;
        Reorder(site.Hosts, _hosts, host, by);
        Reorder(_bySize, _sites, site, by);
    }

    private static void Reorder(SortedSet<Holder> order, Dictionary<UdpEndpoint, Holder> names, Holder holder, int by)
    {
        order.Remove(holder);
        holder.Count += by;
        if (holder.Count > 0)
        {
            order.Add(holder);
        }
        else
        {
            names.Remove(holder.Name);
        }
    }
}

/// <summary>A host, or the site that it is in.</summary>
internal sealed class Holder(UdpEndpoint name, Holder? site, long number)
{
    /// <summary>By how much they hold; of those with as much, who came last goes first.</summary>
    public static IComparer<Holder> BySize { get; } = Comparer<Holder>.Create(static (a, b) =>
        a.Count != b.Count ? a.Count.CompareTo(b.Count) : a.Number.CompareTo(b.Number));

    private readonly SortedSet<Holder>? _hosts = site is null ? new(BySize) : null;
    private Holding? _newest;

    public UdpEndpoint Name { get; } = name;

    /// <summary>Of a host, the site.</summary>
    public Holder? Site { get; } = site;

    /// <summary>Of a site, its hosts.</summary>
    public SortedSet<Holder> Hosts => _hosts!;

    public int Count { get; set; }

    public Holding? Oldest { get; private set; }

    private long Number { get; } = number;

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
