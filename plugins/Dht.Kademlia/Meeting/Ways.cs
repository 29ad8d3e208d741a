using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Node;

namespace AptP2P.Dht.Kademlia.Meeting;

/// <summary>How a node came to be known.</summary>
internal enum Way
{
    Saved,
    Neighbours,
    Bootstrap,
    Srv,
    Mainline,
}

/// <summary>Remembers who named which node, to say by which way the network was found.</summary>
internal sealed class Ways
{
    private const int MaxRemembered = 512; // more than a node enters by; against those who name nodes without end

    private readonly Lock _gate = new();
    private readonly Dictionary<UdpEndpoint, Way> _named = [];

    /// <summary>The first to name it counts: the ways are tried in their order.</summary>
    public void Named(Way way, IEnumerable<UdpEndpoint> endpoints)
    {
        lock (_gate)
        {
            foreach (var endpoint in endpoints)
            {
                if (_named.Count < MaxRemembered)
                {
                    _named.TryAdd(endpoint, way);
                }
            }
        }
    }

    /// <summary>The ports at which somebody has named a node at an address.</summary>
    public IReadOnlyList<ushort> PortsAt(UdpEndpoint address)
    {
        lock (_gate)
        {
            return [.. _named.Keys.Where(named => named.Address == address.Address).Select(static named => named.Port).Distinct()];
        }
    }

    /// <summary>The ways by which nodes of the table were named, in their order; others were told by these.</summary>
    public IReadOnlyList<Way> LedTo(IEnumerable<KnownNode> known)
    {
        lock (_gate)
        {
            return [.. known.Where(node => _named.ContainsKey(node.Endpoint)).Select(node => _named[node.Endpoint]).Distinct().Order()];
        }
    }

    public static string Name(Way way) => way switch
    {
        Way.Saved => "saved nodes",
        Way.Neighbours => "neighbours",
        Way.Bootstrap => "Bootstrap",
        Way.Srv => "SRV records",
        _ => "Mainline",
    };
}
