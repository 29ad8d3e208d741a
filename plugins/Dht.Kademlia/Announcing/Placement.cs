using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Queries;
using AptP2P.Dht.Kademlia.Routing;

namespace AptP2P.Dht.Kademlia.Announcing;

/// <summary>
/// Sends what has to be stored to a node that has given its token. Returns <see langword="null"/> if it could not be sent.
/// </summary>
internal delegate Query? PlaceOn(Family family, Candidate node, byte[] token, IQueryOwner owner, object? tag);

/// <summary>
/// Stores something on the nodes nearest to its key, in one family. A node that is probably among the nearest, by the estimated size of the
/// network, is told as soon as it has given a token; the others are told when the look-up has ended.
/// </summary>
internal sealed class Placement(LookupPlan plan, PlaceOn place, NodeParts parts, Action<Placement> done) : ILookupSink, IQueryOwner
{
    /// <summary>Called when enough nodes have stored it for it to be found.</summary>
    public Action WhenKnown { get; init; } = static () => { };

    private readonly HashSet<Candidate> _told = [];
    private readonly HashSet<Query> _open = [];
    private bool _lookupEnded;
    private bool _done;

    /// <summary>
    /// The ways to store something in the families: among all nodes, and among near ones where the first does not reach them.
    /// </summary>
    public static List<(Family Family, LookupPlan Plan)> Ways(LookupPlan plan, NodeParts parts)
    {
        var ways = new List<(Family, LookupPlan)>();
        foreach (var family in parts.Families.All)
        {
            if (family.Standing.AnnouncesToWorld)
            {
                ways.Add((family, plan));
            }

            if (!family.Standing.AnnouncesToWorld || family.IsMixed)
            {
                ways.Add((family, plan with { Near = true }));
            }
        }

        return ways;
    }

    /// <summary>Whether it is among near nodes only.</summary>
    public bool IsNear => plan.Near;

    /// <summary>How many nodes have confirmed.</summary>
    public int Stored { get; private set; }

    public void Start(Family family) => new Lookup(family, plan, parts, this).Start(parts.Entrances.For(family));

    bool ILookupSink.IsSatisfied => true;

    void ILookupSink.Answered(Lookup lookup, Candidate candidate, in KrpcMessage answer)
    {
        var size = lookup.Family.Size;
        if (size.IsKnown && candidate.Complies && candidate.Distance.Fraction < size.ExpectedDistance(parts.Options.OptimisticRank))
        {
            Tell(lookup.Family, candidate);
        }
    }

    void ILookupSink.Ended(Lookup lookup)
    {
        foreach (var candidate in lookup.Nearest)
        {
            Tell(lookup.Family, candidate);
        }

        _lookupEnded = true;
        FinishIfDone();
    }

    void IQueryOwner.Answered(Query query, in KrpcMessage answer)
    {
        if (++Stored == parts.Options.EnoughStored)
        {
            WhenKnown();
        }

        Settle(query);
    }

    // The node has answered a moment ago, so probably a packet was lost: it is told once more, and then no longer waited for.
    void IQueryOwner.Stalled(Query query)
    {
        if (_open.Contains(query)
            && query.Tag is Candidate candidate
            && place(query.Family, candidate, candidate.Token!, this, null) is { } again)
        {
            _open.Add(again);
        }

        Settle(query);
    }

    void IQueryOwner.Failed(Query query) => Settle(query);

    private void Tell(Family family, Candidate candidate)
    {
        if (candidate.Token is { } token && _told.Add(candidate) && place(family, candidate, token, this, candidate) is { } query)
        {
            _open.Add(query);
        }
    }

    private void Settle(Query query)
    {
        _open.Remove(query);
        FinishIfDone();
    }

    private void FinishIfDone()
    {
        if (_lookupEnded && _open.Count == 0 && !_done)
        {
            _done = true;
            done(this);
        }
    }
}
