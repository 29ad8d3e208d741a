using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Routing;

namespace AptP2P.Dht.Kademlia.Node;

/// <summary>
/// Joins the network, and joins it again after it was lost: looks up the node's own id, beginning at the entrances, and repeats that after
/// growing pauses while few nodes are known.
/// </summary>
internal sealed class Joining(NodeParts parts, Admission admission) : ILookupSink
{
    private static readonly TimeSpan Eager = TimeSpan.FromMinutes(10); // after a change of network: it may be up only after a login
    private static readonly TimeSpan EagerPause = TimeSpan.FromSeconds(15);

    private readonly Queue<UdpEndpoint> _lost = new();
    private TimeSpan _pause = parts.Options.RejoinMin;
    private TimeSpan _eagerUntil = TimeSpan.MinValue;
    private int _running;
    private bool _hasJoined;
    private bool _again;
    private bool _scheduled;

    /// <summary>Called when the node has joined for the first time.</summary>
    public Action WhenJoined { get; set; } = static () => { };

    /// <summary>Called when others see us at another address than before.</summary>
    public Action<Family> WhenMoved { get; set; } = static _ => { };

    /// <summary>
    /// Whether the node is joining for the first time: it should not announce everything to the nodes that it meets first.
    /// </summary>
    public bool IsFirst => _running > 0 && !_hasJoined;

    /// <summary>The machine has come to another network. Until somebody there has answered, it is tried again and again.</summary>
    public void NetworkChanged()
    {
        _pause = parts.Options.RejoinMin;
        _eagerUntil = parts.Deadlines.Now + Eager;
        Join();
    }

    /// <summary>Somebody has answered.</summary>
    public void Heard() => _eagerUntil = TimeSpan.MinValue;

    /// <summary>Adds entrances and, if any is new, joins by them at once.</summary>
    public void Enter(IEnumerable<UdpEndpoint> endpoints)
    {
        var news = false;
        foreach (var endpoint in endpoints)
        {
            news |= parts.Entrances.Add(endpoint);
        }

        if (news)
        {
            _pause = parts.Options.RejoinMin;
            Join();
        }
    }

    /// <summary>
    /// Remembers a node of the table that has fallen silent. It may come back; or the network is cut in two, and the node is in the other
    /// half.
    /// </summary>
    public void Remember(UdpEndpoint lost)
    {
        _lost.Enqueue(lost);
        if (_lost.Count > parts.Options.MaxLostNodes)
        {
            _lost.Dequeue();
        }
    }

    /// <summary>
    /// Looks up the node's own id again, to learn of new neighbours, and asks a node that is not in the table. If a network was cut in two,
    /// both halves have forgotten each other when it is whole again. A node that gets an answer from the other half finds its own
    /// neighbours there, and so the halves grow together.
    /// </summary>
    public void Probe()
    {
        foreach (var family in parts.Families.All)
        {
            var ways = parts.Entrances.All.Concat(_lost).Where(way => way.IsV6 == family.IsV6 && family.Table.Find(way) is null).ToList();
            if (family.Table.Count + ways.Count > 0 && _running == 0)
            {
                _running = 1;
                var plan = new LookupPlan(KrpcMethod.FindNode, family.Id, parts.Options.Parallelism);
                new Lookup(family, plan, parts, this).Start(ways.Count > 0 ? [ways[parts.Random.Next(ways.Count)]] : []);
            }
        }
    }

    /// <summary>Takes ids that belong to our addresses, as far as others agree on those, and joins anew under them.</summary>
    /// <param name="few">Whether the majority of those known is enough, if they are few.</param>
    public void TakeIds(bool few)
    {
        foreach (var family in parts.Families.All)
        {
            if (family.NewId(parts.Random, few) is { } id)
            {
                family.Rename(id, parts.Deadlines.Now);
                WhenMoved(family);
                Join();
            }
        }
    }

    public void Join()
    {
        if (_running > 0)
        {
            _again = true;
            return;
        }

        var want = parts.Families.All.Count > 1 ? Want.Both : Want.Unsaid; // nodes of one family tell of the other (BEP 32)
        _running = parts.Families.All.Count;
        foreach (var family in parts.Families.All)
        {
            var plan = new LookupPlan(KrpcMethod.FindNode, family.Id, parts.Options.Parallelism, Insist: true, Want: want);
            new Lookup(family, plan, parts, this).Start(WaysInto(family));
        }
    }

    // Saved nodes are hundreds, and all nodes may have restarted at this moment: a few of them are asked, others at the next try. Those
    // named last are asked in any case: neighbours, and nodes that are found while others fail.
    private IEnumerable<UdpEndpoint> WaysInto(Family family)
    {
        var (few, ways) = (parts.Options.BucketSize, parts.Entrances.All.Where(way => way.IsV6 == family.IsV6).ToArray());
        var lost = _lost.Where(way => way.IsV6 == family.IsV6).ToArray();
        parts.Random.Shuffle(ways.AsSpan(0, Math.Max(0, ways.Length - few)));
        parts.Random.Shuffle(lost);
        return ways.TakeLast(few).Concat(ways.SkipLast(few).Take(few)).Concat(lost.Take(few));
    }

    /// <summary>Never: if we miss a neighbour, all who ask us miss it, too.</summary>
    public bool IsSatisfied => false;

    public void Answered(Lookup lookup, Candidate candidate, in KrpcMessage answer)
    {
        // Nodes of one family also tell of nodes of the other (BEP 32), for which there may be no entrance.
        if ((lookup.Family.IsV6 ? parts.Families.V4 : parts.Families.V6) is { } other)
        {
            var nodes = new CompactNodes(other.IsV6 ? answer.Nodes6 : answer.Nodes, other.IsV6);
            for (var n = 0; n < parts.Options.BucketSize && nodes.TryNext(out var id, out var endpoint); n++)
            {
                if (endpoint.MayBeTold(candidate.Endpoint, parts.Options))
                {
                    admission.Consider(other, id, endpoint);
                }
            }
        }
    }

    public void Ended(Lookup lookup)
    {
        if (--_running > 0)
        {
            return;
        }

        TakeIds(few: true);
        if (_running > 0)
        {
            return;
        }

        if (!_hasJoined)
        {
            _hasJoined = true;
            WhenJoined();
        }

        if (_again)
        {
            _again = false;
            Join();
        }
        else if (!_scheduled
            && (IsEager
                || (parts.Entrances.All.Count + _lost.Count > 0
                    && parts.Families.All.Any(family => family.Table.Count < parts.Options.BucketSize))))
        {
            _scheduled = true;
            var longest = IsEager ? EagerPause : parts.Options.RejoinMax;
            parts.Deadlines.After(_pause, static self => ((Joining)self!).Retry(), this);
            _pause = _pause * 2 < longest ? _pause * 2 : longest;
        }
    }

    private bool IsEager => parts.Deadlines.Now < _eagerUntil;

    private void Retry()
    {
        _scheduled = false;
        Join();
    }
}
