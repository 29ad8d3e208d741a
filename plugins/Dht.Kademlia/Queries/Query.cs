using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Routing;

namespace AptP2P.Dht.Kademlia.Queries;

/// <summary>A query that was sent, with its owner, who waits for the answer.</summary>
internal sealed class Query(
    PendingQueries sentBy, uint transaction, Family family, UdpEndpoint to, NodeId? expected, IQueryOwner owner, object? tag)
{
    public PendingQueries SentBy { get; } = sentBy;

    public uint Transaction { get; } = transaction;

    public Family Family { get; } = family;

    public UdpEndpoint To { get; } = to;

    /// <summary>
    /// The id that the node is said to have; <see langword="null"/> for a bootstrap node, of which only the endpoint is known.
    /// </summary>
    public NodeId? Expected { get; } = expected;

    public IQueryOwner Owner { get; } = owner;

    /// <summary>What the owner gave along.</summary>
    public object? Tag { get; } = tag;

    public required QueryCounts Counts { get; init; }

    public required TimeSpan SentAt { get; init; }

    /// <summary>Whether it was answered or given up.</summary>
    public bool Closed { get; set; }
}

/// <summary>Who sent a query. Each query ends in one call of either <see cref="Answered"/> or <see cref="Failed"/>.</summary>
internal interface IQueryOwner
{
    /// <summary>The node has answered, from the endpoint that was asked and with the id that was expected.</summary>
    void Answered(Query query, in KrpcMessage answer);

    /// <summary>The answer takes longer than most: it is better to go on without it. It may still come.</summary>
    void Stalled(Query query);

    /// <summary>No answer will come, or none that can be used.</summary>
    void Failed(Query query);
}
