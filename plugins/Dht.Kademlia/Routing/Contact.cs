namespace AptP2P.Dht.Kademlia;

/// <summary>A node that has answered us.</summary>
internal sealed class Contact(NodeId id, UdpEndpoint endpoint)
{
    public NodeId Id { get; } = id;

    public UdpEndpoint Endpoint { get; } = endpoint;

    /// <summary>Whether its id belongs to its address (BEP 42). Others are served, but trusted with nothing.</summary>
    public bool Complies { get; } = BoundNodeId.Complies(id, endpoint);

    /// <summary>Its answers' time, smoothed.</summary>
    public TimeSpan RoundTrip { get; private set; }

    public TimeSpan LastAnswered { get; private set; }

    /// <summary>When it last answered or asked.</summary>
    public TimeSpan LastHeard { get; set; }

    /// <summary>Queries in a row that it did not answer.</summary>
    public int Failures { get; set; }

    public void Answered(TimeSpan roundTrip, TimeSpan now)
    {
        RoundTrip = RoundTrip == TimeSpan.Zero ? roundTrip : (RoundTrip * 0.75) + (roundTrip * 0.25);
        (LastAnswered, LastHeard, Failures) = (now, now, 0);
    }

    /// <summary>BEP 5: answered within 15 minutes, or has ever answered and asked us within 15 minutes.</summary>
    public bool IsGood(TimeSpan now, TimeSpan life) => Failures == 0 && now - LastHeard < life;
}
