using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Routing;

namespace AptP2P.Dht.Kademlia.Announcing;

/// <summary>
/// Announces again all keys of a region of the key space together: a few look-ups find all nodes of the region, and each node gets the keys
/// that it is among the k nearest to. So the cost grows with the network, not with the number of files.
/// </summary>
/// <remarks>
/// A look-up finds the k nodes nearest to its target. The cell of the target is the largest subtree around it that lies within their
/// distance: all nodes in it are then known. Keys in known cells need no look-up. The region is the cell of the first key, made larger by
/// <see cref="RegionBits"/> bits.
/// </remarks>
internal sealed class RegionSweep(
    NodeParts parts, Family family, OwnAnnouncements own, OwnAnnouncement center,
    Action<RegionSweep, List<OwnAnnouncement>> done) : ILookupSink
{
    private const int RegionBits = 3; // eight cells of some five nodes: the nearest nodes of nearly all keys are within the region
    private const int MaxLookups = 64; // cells are an estimate: in an odd network a sweep must end, too

    private readonly List<(NodeId Target, int Bits)> _cells = [];
    private readonly Dictionary<UdpEndpoint, (Candidate Node, OwnAnnouncement TokenKey)> _nodes = [];
    private readonly Queue<KeyDelivery> _waiting = new();
    private IEnumerable<UdpEndpoint> _entrances = [];
    private OwnAnnouncement _target = center;
    private List<OwnAnnouncement> _keys = [];
    private readonly bool _near = !family.Standing.AnnouncesToWorld;
    private int _running;

    public Family Family => family;

    public OwnAnnouncement Center { get; } = center;

    /// <summary>Whether there was no node to announce to.</summary>
    public bool FoundNobody => _nodes.Count == 0;

    /// <summary>
    /// Whether fewer nodes were found than are known: then others are nearer, and do not answer at the moment.
    /// </summary>
    public bool FoundTooFew { get; private set; }

    /// <summary>Whether near nodes alone were told.</summary>
    public bool IsNear => _near;

    public bool IsSatisfied => true;

    public void Start()
    {
        _entrances = parts.Entrances.For(family);
        Lookup();
    }

    public void Answered(Lookup lookup, Candidate candidate, in KrpcMessage answer)
    {
    }

    public void Ended(Lookup lookup)
    {
        foreach (var node in lookup.Nearest)
        {
            _nodes.TryAdd(node.Endpoint, (node, _target));
        }

        var cell = CellBits(lookup.Nearest);
        FoundTooFew |= !_near && cell == 0 && family.Table.Count >= 2 * parts.Options.BucketSize;
        _cells.Add((_target.Key, cell));
        if (_cells.Count == 1)
        {
            _keys = [.. own.InRegion(Center.Key, Math.Max(0, cell - RegionBits))];
        }

        if (_cells.Count < MaxLookups && _keys.Find(key => !IsCovered(key.Key)) is { } next)
        {
            _target = next;
            Lookup();
        }
        else
        {
            Deliver();
        }
    }

    private void Lookup()
    {
        var plan = new LookupPlan(KrpcMethod.GetPeers, _target.Key, parts.Options.AnnounceParallelism, KeepTokens: true, Near: _near);
        new Lookup(family, plan, parts, this).Start(_entrances);
    }

    // If there are fewer than k nodes, they are all that exist, and the cell is the whole key space.
    private int CellBits(IReadOnlyList<Candidate> nearest) =>
        nearest.Count < parts.Options.BucketSize ? 0 : nearest[parts.Options.BucketSize - 1].Distance.LeadingZeros + 1;

    private bool IsCovered(NodeId key) => _cells.Exists(cell => cell.Target.CommonPrefix(key) >= cell.Bits);

    private void Deliver()
    {
        foreach (var (node, keys) in Assign())
        {
            _waiting.Enqueue(new KeyDelivery(parts, family, node.Node, node.TokenKey, keys, Delivered));
        }

        Continue();
    }

    private Dictionary<(Candidate Node, OwnAnnouncement TokenKey), List<OwnAnnouncement>> Assign()
    {
        var assigned = new Dictionary<(Candidate, OwnAnnouncement), List<OwnAnnouncement>>();
        Assign(assigned, [.. _nodes.Values]);
        if (!_near && family.IsMixed && _keys.Count > 0)
        {
            Assign(assigned, [.. Near()]);
        }

        return assigned;
    }

    // Near nodes are told in any case: others can reach us by them when the line, or our router, does not let the world in.
    private IEnumerable<(Candidate, OwnAnnouncement)> Near() => family.Table.Contacts
        .Where(contact => family.Vicinity.IsNear(contact.Endpoint) && !_nodes.ContainsKey(contact.Endpoint))
        .Select(contact => (new Candidate(contact.Id, contact.Endpoint, hop: 0), _keys[0]));

    private void Assign(
        Dictionary<(Candidate Node, OwnAnnouncement TokenKey), List<OwnAnnouncement>> assigned,
        (Candidate Node, OwnAnnouncement TokenKey)[] nodes)
    {
        var distances = new NodeId[nodes.Length];
        foreach (var key in _keys)
        {
            for (var i = 0; i < nodes.Length; i++)
            {
                distances[i] = nodes[i].Node.Id!.Value ^ key.Key;
            }

            Array.Sort(distances, nodes);
            foreach (var node in nodes.AsSpan(0, Math.Min(nodes.Length, parts.Options.BucketSize)))
            {
                if (!assigned.TryGetValue(node, out var keys))
                {
                    assigned.Add(node, keys = []);
                }

                keys.Add(key);
            }
        }
    }

    private void Delivered()
    {
        _running--;
        Continue();
    }

    private void Continue()
    {
        while (_running < parts.Options.AnnounceParallelism && _waiting.TryDequeue(out var next))
        {
            _running++;
            next.Start();
        }

        if (_running == 0 && _waiting.Count == 0)
        {
            done(this, _keys);
        }
    }
}
