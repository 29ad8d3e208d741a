using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Queries;
using AptP2P.Dht.Kademlia.Routing;

namespace AptP2P.Dht.Kademlia.Lookups;

/// <summary>
/// Asks nearer and nearer nodes until the k nearest have answered
/// (<see href="https://pdos.csail.mit.edu/~petar/papers/maymounkov-kademlia-lncs.pdf">Kademlia</see>, section 2.3). It is a state machine
/// that answers drive, without a thread or task. A node that takes longer than others frees its slot and does not delay the end: waiting
/// for such nodes costs other implementations seconds. Its late answer still counts.
/// </summary>
internal sealed class Lookup(Family family, LookupPlan plan, NodeParts parts, ILookupSink sink) : IQueryOwner
{
    private readonly CandidateList _candidates = new(
        plan.Target, parts.Options, parts.Options.BucketSize, family.Size.Reach(parts.Options));
    private readonly TimeSpan _started = parts.Deadlines.Now;
    private int _waitedFor;
    private int _queries;
    private int _answers;
    private int _stalls;
    private bool _ended;
    private bool _patient;
    private bool _revived;

    public Family Family => family;

    /// <summary>The nearest nodes that have answered and on which something may be stored, nearest first.</summary>
    public IReadOnlyList<Candidate> Nearest => _candidates.NearestAnswered();

    /// <summary>Begins with the nearest nodes that are known, and with endpoints where nodes are said to be.</summary>
    public void Start(IEnumerable<UdpEndpoint> entrances)
    {
        var known = plan.Near
            ? family.Table.Closest(plan.Target, parts.Options.BucketSize * 2, (contact, _) => family.Vicinity.IsNear(contact.Endpoint))
            : family.Table.Closest(plan.Target, parts.Options.BucketSize * 2);
        foreach (var contact in known)
        {
            Offer(contact.Id, contact.Endpoint, hop: 0);
        }

        foreach (var entrance in entrances)
        {
            if (Takes(entrance))
            {
                _candidates.AddUnnamed(entrance);
            }
        }

        var farthest = known.Length < parts.Options.BucketSize * 2 ? NodeId.Max : known[^1].Id ^ plan.Target;
        foreach (var (id, endpoint) in family.Recent.NearerThan(farthest, plan.Target, parts.Deadlines.Now)) // the table has the others
        {
            Offer(id, endpoint, hop: 0);
        }

        _candidates.IsImproving = !Knows(known);
        Advance();
    }

    /// <summary>Ends it now. From later answers only the routing table learns.</summary>
    public void Cancel() => End(completed: false);

    public void Answered(Query query, in KrpcMessage answer)
    {
        var candidate = (Candidate)query.Tag!;
        if (_ended)
        {
            return;
        }

        Free(candidate);
        _answers++;
        _candidates.SetAnswered(candidate, answer.Id);
        candidate.IsOurs = answer.IsOurs;
        if (plan.KeepTokens && !answer.Token.IsEmpty && answer.Token.Length <= parts.Options.MaxTokenLength)
        {
            candidate.Token = answer.Token.ToArray();
        }

        _candidates.IsImproving = false;
        OfferNodes(family.IsV6 ? answer.Nodes6 : answer.Nodes, candidate);
        sink.Answered(this, candidate, answer);
        Advance();
    }

    public void Stalled(Query query)
    {
        var candidate = (Candidate)query.Tag!;
        if (!_ended && candidate.IsPending)
        {
            _stalls++;
            Free(candidate);
            candidate.State = CandidateState.Stalled;
            Advance();
        }
    }

    public void Failed(Query query)
    {
        var candidate = (Candidate)query.Tag!;
        if (!_ended)
        {
            Free(candidate);
            candidate.State = CandidateState.Failed;
            Advance();
        }
    }

    // If the nodes known are as near as the nearest nodes probably are, all of them will be asked: so they may be asked at once.
    private bool Knows(ReadOnlySpan<Contact> known)
    {
        var k = parts.Options.BucketSize;
        return family.Size.IsKnown
            && known.Length >= k
            && (known[k - 1].Id ^ plan.Target).Fraction <= family.Size.ExpectedDistance(k + (k / 4.0));
    }

    private void Offer(NodeId id, UdpEndpoint endpoint, int hop)
    {
        var at = family.Table.LocalOf(id) ?? endpoint;
        if (id != family.Id && Takes(at))
        {
            _candidates.Add(id, at, hop);
        }
    }

    private bool Takes(UdpEndpoint endpoint) =>
        endpoint.IsV6 == family.IsV6
        && !family.IsSelf(endpoint)
        && family.Vicinity.Admits(endpoint)
        && (!plan.Near || family.Vicinity.IsNear(endpoint));

    private void OfferNodes(ReadOnlySpan<byte> compact, Candidate teller)
    {
        var nodes = new CompactNodes(compact, family.IsV6);
        for (var n = 0; n < parts.Options.MaxNodesPerAnswer && nodes.TryNext(out var id, out var endpoint); n++)
        {
            if (endpoint.MayBeTold(teller.Endpoint, parts.Options))
            {
                Offer(id, endpoint, teller.Hop + 1);
            }
        }
    }

    private void Advance()
    {
        AskNext();
        if (_ended || (_waitedFor > 0 && !_candidates.IsComplete))
        {
            return;
        }

        if (!_revived && !sink.IsSatisfied && _candidates.Revive())
        {
            _revived = true; // a packet may have been lost, and with it the only node that knows
            AskNext();
            if (_ended || _waitedFor > 0)
            {
                return;
            }
        }

        if (_candidates.IsComplete || !MustWait())
        {
            End(completed: true);
        }
    }

    private void AskNext()
    {
        while (!_ended
            && _waitedFor < Parallelism
            && _queries < parts.Options.MaxQueriesPerLookup
            && _candidates.Next(Spare) is { } candidate)
        {
            Ask(candidate);
        }
    }

    // If answers name no nearer nodes, it is known which nodes are left to ask, and to wait saves nothing (Kademlia, section 2.3).
    private int Parallelism => Math.Max(plan.Parallelism, _candidates.IsImproving ? 0 : parts.Options.BucketSize) + Spare;

    // If some nodes are dead, others probably are, too: one more node is asked ahead for each, so that its answer is there when needed.
    private int Spare => Math.Min(_stalls, parts.Options.BucketSize / 2);

    private void Ask(Candidate candidate)
    {
        var now = parts.Deadlines.Now;
        var suspicion = candidate.IsRevived || plan.Insist ? Suspicion.None : parts.Queries.Suspects.Of(candidate.Endpoint, now);
        if (suspicion == Suspicion.Strong && !parts.Queries.Suspects.TryRetry(candidate.Endpoint, now))
        {
            candidate.State = CandidateState.Failed;
            return;
        }

        var body = new QueryBody { Method = plan.Method, Target = plan.Target, Want = plan.Want };
        if (parts.Queries.Send(family, candidate.Endpoint, candidate.Id, body, this, candidate) is null)
        {
            candidate.State = CandidateState.Failed;
            return;
        }

        _queries++;
        candidate.State = suspicion switch
        {
            Suspicion.None => CandidateState.Asked,
            Suspicion.Slight => CandidateState.AskedSuspect,
            _ => CandidateState.Stalled,
        };
        _waitedFor += candidate.State == CandidateState.Asked ? 1 : 0;
    }

    // In a network of two or three nodes, one pause of a tenth of a second must not make a look-up miss everything. So while fewer than k
    // have answered, it waits for nodes that were silent lately; and while nobody has, it waits for all, as long as a stall may last.
    private bool MustWait()
    {
        if (_answers >= parts.Options.BucketSize || !_candidates.AnyPending(stalled: _answers == 0))
        {
            return false;
        }

        if (_answers == 0 && !_patient)
        {
            _patient = true;
            var left = _started + parts.Options.StallMax - parts.Deadlines.Now;
            parts.Deadlines.After(left > TimeSpan.Zero ? left : TimeSpan.Zero, static self => ((Lookup)self!).LosePatience(), this);
        }

        return true;
    }

    private void LosePatience()
    {
        if (!_ended && _answers == 0 && _waitedFor == 0)
        {
            End(completed: true);
        }
    }

    private void Free(Candidate candidate) => _waitedFor -= candidate.State == CandidateState.Asked ? 1 : 0;

    private void End(bool completed)
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        var nearest = Nearest;
        if (completed && !plan.Near && nearest.Count >= parts.Options.BucketSize)
        {
            Measure(nearest);
        }

        parts.LookupEnded(
            new LookupReport(
                plan.Method, parts.Deadlines.Now - _started, nearest.Count > 0 ? nearest[0].Hop + 1 : 0, _queries, _stalls, completed));
        sink.Ended(this);
    }

    private void Measure(IReadOnlyList<Candidate> nearest)
    {
        Span<NodeId> distances = stackalloc NodeId[parts.Options.BucketSize];
        for (var i = 0; i < distances.Length; i++)
        {
            distances[i] = nearest[i].Distance;
        }

        family.Size.Add(distances);
    }
}
