using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Storage;

/// <summary>Something that is kept for a host.</summary>
internal abstract class Holding
{
    public Holder? Holder { get; set; }

    public Holding? Older { get; set; }

    public Holding? Newer { get; set; }
}

/// <summary>
/// Who holds how much of a store: each host, and each site with all its hosts. Nobody gets more than a quota. If the store is full, the
/// largest site gives, of that its largest host, and of that the holding that was renewed longest ago. So a flood displaces only itself,
/// and those who hold little keep it.
/// </summary>
internal sealed class Holdings(int perHost, int perSite)
{
    private readonly Dictionary<UdpEndpoint, Holder> _hosts = [];
    private readonly Dictionary<UdpEndpoint, Holder> _sites = [];
    private readonly Ranking _largest = new();

    public int Count { get; private set; }

    public Holder? FindHost(UdpEndpoint owner) => _hosts.GetValueOrDefault(owner.Host);

    public Holder? FindSite(UdpEndpoint owner) => _sites.GetValueOrDefault(owner.Site);

    /// <summary>Whether the quotas of a host and its site allow one more.</summary>
    public bool HasRoomFor(UdpEndpoint owner) => (FindHost(owner)?.Count ?? 0) < perHost && (FindSite(owner)?.Count ?? 0) < perSite;

    /// <summary>Whether a host holds less than the one for which a holding counts.</summary>
    public bool HasLess(UdpEndpoint owner, Holding than)
    {
        var (site, sites) = (FindSite(owner)?.Count ?? 0, than.Holder!.Site!.Count);
        return site < sites || (site == sites && (FindHost(owner)?.Count ?? 0) < than.Holder.Count);
    }

    public void Add(Holding holding, UdpEndpoint owner)
    {
        if (!_hosts.TryGetValue(owner.Host, out var host))
        {
            if (!_sites.TryGetValue(owner.Site, out var site))
            {
                _sites.Add(owner.Site, site = new Holder(owner.Site, null));
            }

            _hosts.Add(owner.Host, host = new Holder(owner.Host, site));
        }

        host.Append(holding);
        Resize(host, 1);
    }

    /// <summary>Makes a holding the last of its holder's to go, since it was announced again.</summary>
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

    /// <summary>What a full store gives first.</summary>
    public Holding First() => _largest.First.Hosts!.First.Oldest!;

    private void Resize(Holder host, int by)
    {
        var site = host.Site!;
        Count += by;
        site.Hosts!.Resize(host, by);
        _largest.Resize(site, by);
        if (host.Count == 0)
        {
            _hosts.Remove(host.Name);
        }

        if (site.Count == 0)
        {
            _sites.Remove(site.Name);
        }
    }
}
