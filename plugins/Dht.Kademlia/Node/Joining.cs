using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Messages;

namespace AptP2P.Dht.Kademlia.Node;

/// <summary>
/// Gets into the network and back into it: looks up its own id from the nodes that are known from before, configured or found nearby, and
/// tries again with growing pauses for as long as it knows few nodes.
/// </summary>
internal sealed class Joining(NodeParts parts, Admission admission) : ILookupSink
{
    private readonly Queue<UdpEndpoint> _lost = new();
    private TimeSpan _pause = parts.Options.RejoinMin;
    private int _running;
    private bool _hasJoined;
    private bool _again;
    private bool _scheduled;

    /// <summary>Called when the node has gone in for the first time.</summary>
    public Action WhenJoined { get; set; } = static () => { };

    /// <summary>Whether the node is just going in for the first time: whom it meets first is not whom it should tell everything.</summary>
    public bool IsFirst => _running > 0 && !_hasJoined;

    /// <summary>Adds entrances and, if any is new, goes in by them at once.</summary>
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
    /// A node that was in the table for some time has fallen silent. It may be back one day, or the network be cut in two.
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
    /// Looks up its own id again, to know the neighbours that have come since, and tries a way in that leads to no node we know. Two halves
    /// of a network that was cut have forgotten each other by the time it is whole again; whoever gets an answer from the other side finds
    /// its own neighbours there and ties them together.
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
            new Lookup(family, plan, parts, this).Start(parts.Entrances.All.Concat(_lost));
        }
    }

    /// <summary>Never: a neighbour that is missed here is missed by everybody who asks us for it.</summary>
    public bool IsSatisfied => false;

    public void Answered(Lookup lookup, Candidate candidate, in KrpcMessage answer)
    {
        // Nodes of one family tell of the other's (BEP 32), which may have no way in of its own.
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
        else if (parts.Entrances.All.Count + _lost.Count > 0
            && parts.Families.All.Any(family => family.Table.Count < parts.Options.BucketSize)
            && !_scheduled)
        {
            _scheduled = true;
            parts.Deadlines.After(_pause, static self => ((Joining)self!).Retry(), this);
            _pause = _pause * 2 < parts.Options.RejoinMax ? _pause * 2 : parts.Options.RejoinMax;
        }
    }

    private void Retry()
    {
        _scheduled = false;
        Join();
    }
}
