namespace AptP2P.Dht.Kademlia;

/// <summary>
/// Stores our contact for one key on the nodes nearest to it, in one family. Optimistic: a node that is probably among the nearest, by what is
/// known of the network's size, is announced to as soon as it has given a token; the rest when the look-up has ended.
/// </summary>
internal sealed class ContactPlacement(NodeId key, ushort port, byte[] claim, NodeParts parts, Action<ContactPlacement> done)
    : ILookupSink, IQueryOwner
{
    private readonly HashSet<Candidate> _told = [];
    private int _open;
    private bool _lookupEnded;
    private bool _done;

    /// <summary>Nodes that have confirmed.</summary>
    public int Stored { get; private set; }

    public void Start(Family family, IEnumerable<UdpEndpoint> entrances) =>
        new Lookup(family, new LookupPlan(KrpcMethod.GetPeers, key, parts.Options.AnnounceParallelism, KeepTokens: true), parts, this).Start(entrances);

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
        _lookupEnded = true;
        foreach (var candidate in lookup.Nearest)
        {
            Tell(lookup.Family, candidate);
        }

        FinishIfDone();
    }

    void IQueryOwner.Answered(Query query, in KrpcMessage answer)
    {
        Stored++;
        Settle(query);
    }

    // Late is not lost, but whoever waits for the announcement has waited enough.
    void IQueryOwner.Stalled(Query query) => Settle(query);

    void IQueryOwner.Failed(Query query) => Settle(query);

    private void Tell(Family family, Candidate candidate)
    {
        if (candidate.Token is null || !_told.Add(candidate))
        {
            return;
        }

        var body = new QueryBody { Method = KrpcMethod.AnnouncePeer, Target = key, Port = port, Token = candidate.Token, Claim = claim };
        if (parts.Queries.Send(family, candidate.Endpoint, candidate.Id, body, this, new Settled()) is not null)
        {
            _open++;
        }
    }

    private void Settle(Query query)
    {
        var settled = (Settled)query.Tag!;
        if (!settled.Is)
        {
            settled.Is = true;
            _open--;
            FinishIfDone();
        }
    }

    private void FinishIfDone()
    {
        if (_lookupEnded && _open == 0 && !_done)
        {
            _done = true;
            done(this);
        }
    }

    private sealed class Settled
    {
        public bool Is;
    }
}
