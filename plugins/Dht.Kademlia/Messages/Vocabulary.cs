namespace AptP2P.Dht.Kademlia.Messages;

/// <summary>The kinds of messages, by <c>y</c> (<see href="https://www.bittorrent.org/beps/bep_0005.html">BEP 5</see>).</summary>
internal enum KrpcKind
{
    Query,
    Answer,
    Error,
}

/// <summary>
/// What a query asks for (<see href="https://www.bittorrent.org/beps/bep_0005.html">BEP 5</see>; <c>get</c> and <c>put</c>:
/// <see href="https://www.bittorrent.org/beps/bep_0044.html">BEP 44</see>).
/// </summary>
internal enum KrpcMethod
{
    Unknown,
    Ping,
    FindNode,
    GetPeers,
    AnnouncePeer,
    Get,
    Put,
}

/// <summary>Of which families a query wants nodes (<see href="https://www.bittorrent.org/beps/bep_0032.html">BEP 32</see>).</summary>
[Flags]
internal enum Want
{
    /// <summary>Not said: of the family in which the query came.</summary>
    Unsaid = 0,
    V4 = 1,
    V6 = 2,
    Both = V4 | V6,
}

/// <summary>The codes of the error messages that we send (BEP 5, BEP 44).</summary>
internal enum KrpcError
{
    Protocol = 203,
    MethodUnknown = 204,
    ValueTooBig = 205,
}

internal static class KrpcMethods
{
    public static KrpcMethod Parse(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("ping"u8) ? KrpcMethod.Ping
        : name.SequenceEqual("find_node"u8) ? KrpcMethod.FindNode
        : name.SequenceEqual("get_peers"u8) ? KrpcMethod.GetPeers
        : name.SequenceEqual("announce_peer"u8) ? KrpcMethod.AnnouncePeer
        : name.SequenceEqual("get"u8) ? KrpcMethod.Get
        : name.SequenceEqual("put"u8) ? KrpcMethod.Put
        : KrpcMethod.Unknown;

    public static ReadOnlySpan<byte> Name(this KrpcMethod method) => method switch
    {
        KrpcMethod.Ping => "ping"u8,
        KrpcMethod.FindNode => "find_node"u8,
        KrpcMethod.GetPeers => "get_peers"u8,
        KrpcMethod.AnnouncePeer => "announce_peer"u8,
        KrpcMethod.Get => "get"u8,
        KrpcMethod.Put => "put"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(method)),
    };
}
