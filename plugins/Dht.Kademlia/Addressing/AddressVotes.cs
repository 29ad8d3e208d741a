namespace AptP2P.Dht.Kademlia.Addressing;

/// <summary>
/// What our endpoint looks like from outside, by the votes of nodes that we have asked
/// (<see href="https://www.bittorrent.org/beps/bep_0042.html">BEP 42</see>). Each subnet has one vote, so that a single stranger cannot
/// outvote the rest.
/// </summary>
internal sealed class AddressVotes
{
    private const int Window = 32;

    private readonly Queue<UdpEndpoint> _voters = new();
    private readonly Dictionary<UdpEndpoint, UdpEndpoint> _votes = [];

    /// <summary>The endpoint that most voters see. Another takes its place only with more votes.</summary>
    public UdpEndpoint? Leader { get; private set; }

    /// <summary>
    /// How many voters see the leader's address, if they are more than half of all; else 0. Some routers have another port for each.
    /// </summary>
    public int Agreeing =>
        Leader is { } leader && _votes.Values.Count(vote => vote.Address == leader.Address) is var votes && votes * 2 > _votes.Count
            ? votes
            : 0;

    public void Forget()
    {
        _voters.Clear();
        _votes.Clear();
        Leader = null;
    }

    /// <returns>Whether anything changed.</returns>
    public bool Add(UdpEndpoint voter, UdpEndpoint seen)
    {
        var who = voter.IsLocal() ? voter : voter.Subnet;
        if (_votes.TryGetValue(who, out var before))
        {
            if (before == seen)
            {
                return false;
            }
        }
        else
        {
            _voters.Enqueue(who);
            if (_voters.Count > Window)
            {
                _votes.Remove(_voters.Dequeue());
            }
        }

        _votes[who] = seen;
        if (Leader is not { } leader || (seen != leader && Count(seen) > Count(leader)))
        {
            Leader = seen;
        }

        return true;
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
