using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Messages;

/// <summary>What a query asks. The spans are read only while it is written.</summary>
internal readonly ref struct QueryBody
{
    public required KrpcMethod Method { get; init; }

    /// <summary><c>target</c>, which some methods call <c>info_hash</c>.</summary>
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
