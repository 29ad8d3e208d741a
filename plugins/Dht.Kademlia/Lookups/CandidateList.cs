using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Lookups;

/// <summary>The nodes that a look-up has heard of, nearest first: a bounded number, and one of each address.</summary>
/// <param name="target">What they should be near to.</param>
/// <param name="options">The limits.</param>
/// <param name="width">How many have to answer.</param>
/// <param name="reach">
/// How far the look-up goes in any case, as a share of the key space. If more nodes are nearer to the target than chance allows, somebody
/// may have put them there, so that the honest ones behind them are not found.
/// </param>
internal sealed class CandidateList(NodeId target, KademliaOptions options, int width, double reach)
{
    private const int MaxStretch = 3; // or a crowd of hostile nodes would make a look-up ask all of them

    private readonly int _maxCandidates = Math.Max(options.MaxCandidates, width * 4);
    private readonly List<Candidate> _sorted = [];
    private readonly List<Candidate> _unnamed = [];
    private readonly HashSet<UdpEndpoint> _seen = [];
    private readonly SubnetCount _taken = new(options);
    private int _strangersAsked;

    public void Add(NodeId id, UdpEndpoint endpoint, int hop)
    {
        var distance = id ^ target;
        if ((_sorted.Count >= _maxCandidates && distance.CompareTo(_sorted[^1].Distance) >= 0) || !TrySee(endpoint))
        {
            return;
        }

        Insert(new Candidate(id, endpoint, hop) { Distance = distance });
        if (_sorted.Count > _maxCandidates)
        {
            _sorted.RemoveAt(_sorted.Count - 1);
        }
    }

    /// <summary>Adds a node of which only the endpoint is known. It takes its place when it has told its id.</summary>
    public void AddUnnamed(UdpEndpoint endpoint)
    {
        if (TrySee(endpoint))
        {
            _unnamed.Add(new Candidate(null, endpoint, hop: 0));
        }
    }

    public void SetAnswered(Candidate candidate, NodeId id)
    {
        candidate.State = CandidateState.Answered;
        if (candidate.Id is null)
        {
            _unnamed.Remove(candidate);
            (candidate.Id, candidate.Distance, candidate.Complies) = (id, id ^ target, BoundNodeId.Complies(id, candidate.Endpoint));
            Insert(candidate);
        }
    }

    /// <summary>Whether a node that is among the nearest was added since the look-up last reset this.</summary>
    public bool IsImproving { get; set; } = true;

    /// <summary>Whether the k nearest that can answer have answered.</summary>
    public bool IsComplete
    {
        get
        {
            _taken.Begin();
            foreach (var candidate in _sorted)
            {
                if (!candidate.CanCount || !_taken.TryTake(candidate.Endpoint))
                {
                    continue;
                }

                if (candidate.State != CandidateState.Answered)
                {
                    return false;
                }

                if (IsEnough(_taken.Count, candidate))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>
    /// Whom to ask next; <see langword="null"/> if the k nearest that can answer, and <paramref name="spare"/> more, have been asked.
    /// </summary>
    public Candidate? Next(int spare)
    {
        foreach (var candidate in _unnamed)
        {
            if (candidate.State == CandidateState.Fresh)
            {
                return candidate;
            }
        }

        Candidate? stranger = null, crowded = null;
        _taken.Begin();
        foreach (var candidate in _sorted)
        {
            if (candidate.State is CandidateState.Failed or CandidateState.Stalled or CandidateState.AskedSuspect)
            {
                continue;
            }

            if (!candidate.Complies)
            {
                stranger ??= candidate.State == CandidateState.Fresh ? candidate : null;
            }
            else if (!_taken.TryTake(candidate.Endpoint))
            {
                crowded ??= candidate.State == CandidateState.Fresh ? candidate : null;
            }
            else if (candidate.State == CandidateState.Fresh)
            {
                return candidate;
            }
            else if (IsEnough(_taken.Count - spare, candidate))
            {
                return TryStranger(stranger);
            }
        }

        // There are fewer subnets than k: the network is one campus, or we have heard of only one subnet yet.
        return crowded ?? TryStranger(stranger);
    }

    /// <summary>Makes the nearest nodes that stalled fresh again, so that they are asked once more.</summary>
    /// <returns>Whether there are any.</returns>
    public bool Revive()
    {
        var (answered, revived) = (0, 0);
        foreach (var candidate in _sorted)
        {
            answered += candidate.State == CandidateState.Answered ? 1 : 0;
            if (answered >= width || revived >= width)
            {
                break;
            }

            if (candidate.State == CandidateState.Stalled)
            {
                (candidate.State, candidate.IsRevived) = (CandidateState.Fresh, true);
                revived++;
            }
        }

        return revived > 0;
    }

    /// <summary>Whether answers may still come from nodes that were silent lately; and, if asked for, from stalled ones.</summary>
    public bool AnyPending(bool stalled)
    {
        foreach (var candidate in _sorted)
        {
            if (candidate.State == CandidateState.AskedSuspect || (stalled && candidate.State == CandidateState.Stalled))
            {
                return true;
            }
        }

        foreach (var candidate in _unnamed)
        {
            if (candidate.State == CandidateState.AskedSuspect || (stalled && candidate.State == CandidateState.Stalled))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The nearest nodes that have answered and on which something may be stored, nearest first.</summary>
    public IReadOnlyList<Candidate> NearestAnswered()
    {
        var found = new List<Candidate>(width);
        var crowded = new List<Candidate>();
        var strangers = new List<Candidate>();
        _taken.Begin();
        foreach (var candidate in _sorted)
        {
            if (candidate.State != CandidateState.Answered)
            {
                continue;
            }

            if (!candidate.Complies)
            {
                strangers.Add(candidate);
                continue;
            }

            if (!_taken.TryTake(candidate.Endpoint))
            {
                crowded.Add(candidate);
                continue;
            }

            found.Add(candidate);
            if (IsEnough(found.Count, candidate))
            {
                return found;
            }
        }

        // Nodes whose ids do not belong to their addresses never take the place of others. In a young network there are no others.
        strangers.RemoveAll(stranger => !_taken.TryTake(stranger.Endpoint));
        if (found.Count < width && crowded.Count + strangers.Count > 0)
        {
            found.AddRange(crowded.Concat(strangers).Take(width - found.Count));
            found.Sort(static (a, b) => a.Distance.CompareTo(b.Distance));
        }

        return found;
    }

    // Nodes whose ids do not belong to their addresses may know others, but one party can have any number of them: at most k are asked.
    private Candidate? TryStranger(Candidate? stranger) => stranger is not null && _strangersAsked++ < options.BucketSize ? stranger : null;

    private bool IsEnough(int count, Candidate farthest) =>
        count >= width && (farthest.Distance.Fraction >= reach || count >= width * MaxStretch);

    private bool TrySee(UdpEndpoint endpoint) =>
        _seen.Count < _maxCandidates * 8 && _seen.Add(endpoint.IsLocal() ? endpoint : endpoint.Address);

    private void Insert(Candidate candidate)
    {
        var low = 0;
        for (var high = _sorted.Count; low < high;)
        {
            var middle = (low + high) / 2;
            (low, high) = _sorted[middle].Distance.CompareTo(candidate.Distance) <= 0 ? (middle + 1, high) : (low, middle);
        }

        _sorted.Insert(low, candidate);
        IsImproving |= low < width;
    }
}
