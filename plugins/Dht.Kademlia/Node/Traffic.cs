namespace AptP2P.Dht.Kademlia.Node;

/// <summary>What the node has sent and received since it was made. Written under the node's lock, read by anyone.</summary>
internal sealed class Traffic
{
    public long PacketsIn;
    public long PacketsOut;
    public long BytesIn;
    public long BytesOut;

    /// <summary>Queries that got no answer.</summary>
    public long Timeouts;

    /// <summary>Queries that could not be sent: too many open, or too long.</summary>
    public long NotSent;

    /// <summary>Datagrams that are no message.</summary>
    public long Malformed;

    /// <summary>Answers to nothing that was asked.</summary>
    public long Unexpected;

    /// <summary>Queries over a rate, and from addresses that cannot be.</summary>
    public long Refused;

    /// <summary>Queries answered.</summary>
    public long Answered;
}
