using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Routing;

namespace AptP2P.Dht.Kademlia.Queries;

/// <summary>A query that was sent, and who waits for its answer.</summary>
internal sealed class Query(
    PendingQueries book, uint transaction, Family family, UdpEndpoint to, NodeId? expected, IQueryOwner owner, object? tag)
{
    public PendingQueries Book { get; } = book;

    public uint Transaction { get; } = transaction;

    public Family Family { get; } = family;

    public UdpEndpoint To { get; } = to;

    /// <summary>
    /// The id that the node is said to have; <see langword="null"/> for a bootstrap node, of which only the endpoint is known.
    /// </summary>
    public NodeId? Expected { get; } = expected;

    public IQueryOwner Owner { get; } = owner;

    /// <summary>The owner's own.</summary>
    public object? Tag { get; } = tag;

    public TimeSpan SentAt { get; init; }

    /// <summary>Whether it was answered or given up.</summary>
    public bool Closed { get; set; }
}

/// <summary>Who sent a query and wants to know what became of it. Each query ends in exactly one of Answered and Failed.</summary>
internal interface IQueryOwner
{
    /// <summary>The node asked has answered, from the endpoint asked, with the id expected.</summary>
    void Answered(Query query, in KrpcMessage answer);

    /// <summary>It takes longer than answers do: worth going on without it. An answer may still come.</summary>
    void Stalled(Query query);

    /// <summary>No answer will come, or none that is of use.</summary>
    void Failed(Query query);
}
