using AptP2P.Dht.Kademlia.Messages;

namespace AptP2P.Dht.Kademlia.Queries;

/// <summary>What the node has sent and received since it was made. Written under the node's lock, read by anyone.</summary>
internal sealed class Traffic
{
    private readonly QueryCounts[] _byMethod = [.. Enum.GetValues<KrpcMethod>().Select(static _ => new QueryCounts())];

    public long PacketsIn { get; private set; }

    public long PacketsOut { get; private set; }

    public long BytesIn { get; private set; }

    public long BytesOut { get; private set; }

    /// <summary>Queries that got no answer.</summary>
    public long Timeouts { get; set; }

    /// <summary>Queries that could not be sent: too many were pending, or it was too long.</summary>
    public long NotSent { get; set; }

    /// <summary>Datagrams that are no message.</summary>
    public long Malformed { get; set; }

    /// <summary>Answers to nothing that was asked.</summary>
    public long Unexpected { get; set; }

    /// <summary>Queries above a rate, or from addresses that no node can have.</summary>
    public long Refused { get; set; }

    /// <summary>Messages of nodes that are not of our network.</summary>
    public long Foreign { get; set; }

    /// <summary>Queries answered.</summary>
    public long Answered { get; set; }

    /// <summary>The queries of one kind.</summary>
    public QueryCounts Of(KrpcMethod method) => _byMethod[(int)method];

    public void Received(int bytes)
    {
        PacketsIn++;
        BytesIn += bytes;
    }

    public void Sent(int bytes)
    {
        PacketsOut++;
        BytesOut += bytes;
    }
}
