using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Messages;

/// <summary>What a query says besides who asks. Spans are only read while it is written to the wire.</summary>
internal readonly ref struct QueryBody
{
    public required KrpcMethod Method { get; init; }

    /// <summary><c>target</c>, or <c>info_hash</c> where the method calls it that.</summary>
    public NodeId Target { get; init; }

    public Want Want { get; init; }

    public ReadOnlySpan<byte> Token { get; init; }

    public ushort Port { get; init; }

    /// <summary>Our addition: the bencoded claim of what is announced.</summary>
    public ReadOnlySpan<byte> Claim { get; init; }

    /// <summary>Our addition: the bencoded list of further keys.</summary>
    public ReadOnlySpan<byte> MoreKeys { get; init; }

    /// <summary>The bencoded item of a put.</summary>
    public ReadOnlySpan<byte> Value { get; init; }
}
