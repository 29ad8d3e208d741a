namespace AptP2P.Dht.Kademlia;

/// <summary>
/// What our endpoint looks like from outside, by the votes of nodes that we have asked (BEP 42). One vote per address, so that a single stranger
/// cannot outvote the rest.
/// </summary>
internal sealed class AddressVotes
{
    private const int Window = 32;

    private readonly Queue<UdpEndpoint> _voters = new();
    private readonly Dictionary<UdpEndpoint, UdpEndpoint> _votes = [];

    /// <summary>The endpoint that most voters see, and how many do.</summary>
    public (UdpEndpoint? Endpoint, int Votes) Leader
    {
        get
        {
            UdpEndpoint? leader = null;
            var most = 0;
            foreach (var candidate in _votes.Values)
            {
                var votes = Count(candidate);
                (leader, most) = votes > most ? (candidate, votes) : (leader, most);
            }

            return (leader, most);
        }
    }

    public int Voters => _votes.Count;

    public void Add(UdpEndpoint voter, UdpEndpoint seen)
    {
        var who = voter.IsLocal() ? voter : voter.Subnet;
        if (!_votes.ContainsKey(who))
        {
            _voters.Enqueue(who);
            if (_voters.Count > Window)
            {
                _votes.Remove(_voters.Dequeue());
            }
        }

        _votes[who] = seen;
    }

    private int Count(UdpEndpoint endpoint)
    {
        var count = 0;
        foreach (var vote in _votes.Values)
        {
            count += vote == endpoint ? 1 : 0;
        }

        return count;
    }
}
