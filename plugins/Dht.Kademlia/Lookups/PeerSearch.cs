using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Routing;

namespace AptP2P.Dht.Kademlia.Lookups;

/// <summary>Takes what a search finds. It is called under the node's lock: it must neither block nor call the node.</summary>
internal interface IPeerSink
{
    /// <param name="peer">Where somebody says the content is served.</param>
    /// <param name="claim">What they say of its pieces, bencoded; may be empty. Valid only during the call.</param>
    void Found(UdpEndpoint peer, ReadOnlySpan<byte> claim);

    /// <summary>No more will come. Called once.</summary>
    void Ended();
}

/// <summary>Looks for the peers of a key, in both families at once, and hands each on as soon as it is known.</summary>
internal sealed class PeerSearch(NodeId key, NodeParts parts, IPeerSink sink) : ILookupSink
{
    private readonly HashSet<UdpEndpoint> _found = [];
    private readonly Dictionary<UdpEndpoint, int> _ofHost = [];
    private readonly Dictionary<UdpEndpoint, int> _ofSite = [];
    private readonly List<Lookup> _running = [];
    private bool _started;

    public bool IsEnded { get; private set; }

    /// <summary>Called at the end, if it was started.</summary>
    public Action WhenEnded { get; init; } = static () => { };

    public void Start()
    {
        _started = true;
        var plan = new LookupPlan(KrpcMethod.GetPeers, key, parts.Options.Parallelism);
        foreach (var family in parts.Families.All)
        {
            _running.Add(new Lookup(family, plan, parts, this));
            if (family.IsMixed)
            {
                _running.Add(new Lookup(family, plan with { Near = true }, parts, this)); // what is announced to near nodes only
            }
        }

        foreach (var lookup in _running.ToArray()) // a look-up that knows nobody ends at once and leaves the list
        {
            lookup.Start(parts.Entrances.For(lookup.Family));
        }

        EndIfDone();
    }

    public void Cancel()
    {
        foreach (var lookup in _running.ToArray())
        {
            lookup.Cancel();
        }

        EndIfDone();
    }

    /// <summary>Hands on a peer that another node has named, or that this node itself keeps.</summary>
    /// <returns>Whether it was new and within the limits.</returns>
    public bool Offer(Family family, UdpEndpoint peer, ReadOnlySpan<byte> claim)
    {
        if (IsEnded
            || !family.Vicinity.Admits(peer)
            || family.IsSelfPeer(peer)
            || _found.Count >= parts.Options.MaxPeersPerSearch
            || !TryTake(peer))
        {
            return false;
        }

        sink.Found(peer, claim);
        return true;
    }

    public bool IsSatisfied => _found.Count > 0;

    public void Answered(Lookup lookup, Candidate candidate, in KrpcMessage answer)
    {
        var peers = new CompactPeers(answer.Values, answer.Claims);
        for (var taken = 0; taken < parts.Options.MaxPeersPerAnswer && peers.TryNext(out var peer, out var claim);)
        {
            taken += peer.MayBeTold(candidate.Endpoint, parts.Options) && Offer(lookup.Family, peer, claim) ? 1 : 0;
        }

        if (_found.Count >= parts.Options.MaxPeersPerSearch)
        {
            Cancel();
        }
    }

    public void Ended(Lookup lookup)
    {
        _running.Remove(lookup);
        EndIfDone();
    }

    // The daemon will connect to each peer found: nobody must be able to make it attack a victim by naming it.
    private bool TryTake(UdpEndpoint peer)
    {
        var ofHost = _ofHost.GetValueOrDefault(peer.Host);
        var ofSite = _ofSite.GetValueOrDefault(peer.Site);
        var isCrowd = ofHost >= parts.Options.MaxContactsPerAddress || ofSite >= parts.Options.MaxContactsPerSubnet;
        if ((isCrowd && peer.Scope() != AddressScope.Loopback) || !_found.Add(peer))
        {
            return false;
        }

        (_ofHost[peer.Host], _ofSite[peer.Site]) = (ofHost + 1, ofSite + 1);
        return true;
    }

    private void EndIfDone()
    {
        if (_running.Count > 0 || IsEnded)
        {
            return;
        }

        IsEnded = true;
        sink.Ended();
        if (_started)
        {
            WhenEnded();
        }
    }
}
