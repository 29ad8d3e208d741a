namespace AptP2P.Dht.Kademlia.Queries;

/// <summary>What became of the queries of one kind since the node was made. Written under the node's lock, read by anyone.</summary>
internal sealed class QueryCounts
{
    /// <summary>Queries that this node sent.</summary>
    public long Sent { get; set; }

    /// <summary>Those that were answered.</summary>
    public long Answered { get; private set; }

    /// <summary>Those whose answer was an error, or of no use.</summary>
    public long Failed { get; set; }

    /// <summary>Those that got no answer.</summary>
    public long Timeouts { get; set; }

    /// <summary>Queries of others, answered or not.</summary>
    public long Received { get; set; }

    /// <summary>How long answers took, all together.</summary>
    public TimeSpan Delays { get; private set; }

    public void AnsweredAfter(TimeSpan delay)
    {
        Answered++;
        Delays += delay;
    }
}
