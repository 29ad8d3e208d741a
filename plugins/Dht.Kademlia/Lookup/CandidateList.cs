namespace AptP2P.Dht.Kademlia;

/// <summary>The nodes that a look-up has heard of, nearest first: a bounded number, and of each address one.</summary>
internal sealed class CandidateList(NodeId target, KademliaOptions options)
{
    private readonly List<Candidate> _sorted = [];
    private readonly List<Candidate> _unnamed = [];
    private readonly HashSet<UdpEndpoint> _seen = [];
    private int _strangersAsked;

    public void Add(NodeId id, UdpEndpoint endpoint, int hop)
    {
        var distance = id ^ target;
        if ((_sorted.Count >= options.MaxCandidates && distance.CompareTo(_sorted[^1].Distance) >= 0) || !TrySee(endpoint))
        {
            return;
        }

        Insert(new Candidate(id, endpoint, hop) { Distance = distance });
        if (_sorted.Count > options.MaxCandidates)
        {
            _sorted.RemoveAt(_sorted.Count - 1);
        }
    }

    /// <summary>Adds a node of which only the endpoint is known; it takes its place once it has said its id.</summary>
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

    /// <summary>Whom to ask next; <see langword="null"/> when the k nearest that can answer have been asked.</summary>
    public Candidate? Next()
    {
        foreach (var candidate in _unnamed)
        {
            if (candidate.State == CandidateState.Fresh)
            {
                return candidate;
            }
        }

        var stranger = default(Candidate);
        var nearest = new SubnetCount(options);
        foreach (var candidate in _sorted)
        {
            if (candidate.State is CandidateState.Failed or CandidateState.Stalled or CandidateState.AskedInVain)
            {
                continue;
            }

            if (!candidate.Complies)
            {
                stranger ??= candidate.State == CandidateState.Fresh ? candidate : null;
                continue;
            }

            if (!nearest.TryTake(candidate.Endpoint))
            {
                continue;
            }

            if (candidate.State == CandidateState.Fresh)
            {
                return candidate;
            }

            if (nearest.Taken >= options.BucketSize)
            {
                break;
            }
        }

        // Nodes whose ids do not belong to their addresses may know others, but could be any number: as many of them as k are asked.
        return stranger is not null && _strangersAsked++ < options.BucketSize ? stranger : null;
    }

    /// <summary>Whether answers may still come: of those that were silent lately, and of stalled ones if asked.</summary>
    public bool AnyPending(bool stalled)
    {
        foreach (var candidate in _sorted)
        {
            if (candidate.State == CandidateState.AskedInVain || (stalled && candidate.State == CandidateState.Stalled))
            {
                return true;
            }
        }

        foreach (var candidate in _unnamed)
        {
            if (candidate.State == CandidateState.AskedInVain || (stalled && candidate.State == CandidateState.Stalled))
            {
                return true;
            }
        }

        return false;
    }

    public IReadOnlyList<Candidate> NearestAnswered(int count)
    {
        var found = new List<Candidate>(count);
        var nearest = new SubnetCount(options);
        foreach (var candidate in _sorted)
        {
            if (found.Count == count)
            {
                break;
            }

            if (candidate.State == CandidateState.Answered && candidate.Complies && nearest.TryTake(candidate.Endpoint))
            {
                found.Add(candidate);
            }
        }

        return found;
    }

    private bool TrySee(UdpEndpoint endpoint) =>
        _seen.Count < options.MaxCandidates * 8 && _seen.Add(endpoint.IsLocal() ? endpoint : endpoint.Address);

    private void Insert(Candidate candidate)
    {
        var low = 0;
        for (var high = _sorted.Count; low < high;)
        {
            var middle = (low + high) / 2;
            (low, high) = _sorted[middle].Distance.CompareTo(candidate.Distance) <= 0 ? (middle + 1, high) : (low, middle);
        }

        _sorted.Insert(low, candidate);
    }

    /// <summary>Counts how many of the nearest are in one /24 or /64, for public addresses: there, one party is behind all of them.</summary>
    private ref struct SubnetCount(KademliaOptions options)
    {
        private Subnets _subnets;

        public int Taken { get; private set; }

        public bool TryTake(UdpEndpoint endpoint)
        {
            if (!endpoint.IsLocal())
            {
                var subnet = endpoint.Subnet;
                var same = 0;
                for (var i = 0; i < Math.Min(Taken, Subnets.Size); i++)
                {
                    same += _subnets[i] == subnet ? 1 : 0;
                }

                if (same >= options.MaxNodesPerSubnetInResult)
                {
                    return false;
                }

                if (Taken < Subnets.Size)
                {
                    _subnets[Taken] = subnet;
                }
            }

            Taken++;
            return true;
        }
    }

    [System.Runtime.CompilerServices.InlineArray(Size)]
    private struct Subnets
    {
        public const int Size = 32;
        private UdpEndpoint _first;
    }
}
