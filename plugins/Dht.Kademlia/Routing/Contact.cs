using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Routing;

/// <summary>A node that has answered us.</summary>
internal sealed class Contact(NodeId id, UdpEndpoint endpoint)
{
    public NodeId Id { get; } = id;

    public UdpEndpoint Endpoint { get; } = endpoint;

    /// <summary>Whether its id belongs to its address (BEP 42). Others are served, but trusted with nothing.</summary>
    public bool Complies { get; } = BoundNodeId.Complies(id, endpoint);

    /// <summary>Its answers' time, smoothed.</summary>
    public TimeSpan RoundTrip { get; private set; }

    /// <summary>When it last answered or asked.</summary>
    public TimeSpan LastHeard { get; set; }

    /// <summary>When it was last asked whether it is still there.</summary>
    public TimeSpan LastAsked { get; set; }

    /// <summary>Queries in a row that it did not answer.</summary>
    public int Failures { get; set; }

    public void Answered(TimeSpan roundTrip, TimeSpan now)
    {
        RoundTrip = RoundTrip == TimeSpan.Zero ? roundTrip : (RoundTrip * 0.75) + (roundTrip * 0.25);
        (LastHeard, Failures) = (now, 0);
    }

    /// <summary>Whether it answered when it had not asked us anything for some time: so it can be reached by anyone.</summary>
    public bool IsConfirmed { get; set; }

    /// <summary>Whether others may be told of it. One packet may be lost; two queries without an answer are a sign.</summary>
    public bool IsWell => Failures < 2 && Complies;
}
