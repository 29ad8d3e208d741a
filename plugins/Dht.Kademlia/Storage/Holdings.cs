using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Storage;

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
    private readonly Ranking _largest = new();

    public int Count { get; private set; }

    public Holder? FindHost(UdpEndpoint owner) => _hosts.GetValueOrDefault(owner.Host);

    public Holder? FindSite(UdpEndpoint owner) => _sites.GetValueOrDefault(owner.Site);

    /// <summary>Whether somebody's quota allows one more.</summary>
    public bool HasRoomFor(UdpEndpoint owner) => (FindHost(owner)?.Count ?? 0) < perHost && (FindSite(owner)?.Count ?? 0) < perSite;

    /// <summary>Whether somebody holds less than whom a holding counts for.</summary>
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
