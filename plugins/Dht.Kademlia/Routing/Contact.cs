using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Routing;

/// <summary>A node that has answered us.</summary>
internal sealed class Contact(NodeId id, UdpEndpoint endpoint)
{
    public NodeId Id { get; } = id;

    public UdpEndpoint Endpoint { get; } = endpoint;

    /// <summary>Whether its id belongs to its address (BEP 42). Other nodes get answers, but nothing is stored on them.</summary>
    public bool Complies { get; } = BoundNodeId.Complies(id, endpoint);

    /// <summary>Its smoothed round trip.</summary>
    public TimeSpan RoundTrip { get; private set; }

    /// <summary>When it last answered or asked.</summary>
    public TimeSpan LastHeard { get; set; }

    /// <summary>When it was last asked whether it is still there.</summary>
    public TimeSpan LastAsked { get; set; }

    /// <summary>How many queries in a row it did not answer.</summary>
    public int Failures { get; set; }

    public void Answered(TimeSpan roundTrip, TimeSpan now)
    {
        RoundTrip = RoundTrip == TimeSpan.Zero ? roundTrip : (RoundTrip * 0.75) + (roundTrip * 0.25);
        (LastHeard, Failures) = (now, 0);
    }

    /// <summary>Whether it answered after it had not asked us anything for some time: so anyone can reach it.</summary>
    public bool IsConfirmed { get; set; }

    /// <summary>Whether it answers. One query without an answer may be a lost packet; two are a sign.</summary>
    public bool Answers => Failures < 2;

    /// <summary>Whether others may be told of it.</summary>
    public bool IsWell => Answers && Complies;
}
