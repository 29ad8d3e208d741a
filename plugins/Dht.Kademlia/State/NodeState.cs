using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.State;

/// <summary>What a node keeps over a restart.</summary>
internal sealed class NodeState
{
    public NodeId? IdV4 { get; init; }

    public NodeId? IdV6 { get; init; }

    /// <summary>Nodes that answered, to join by after the restart.</summary>
    public IReadOnlyList<UdpEndpoint> Nodes { get; init; } = [];

    /// <summary>What this node announces.</summary>
    public IReadOnlyList<(NodeId Key, Announcement Content)> Announced { get; init; } = [];

    /// <summary>What others announced to this node.</summary>
    public IReadOnlyList<SavedContact> Contacts { get; init; } = [];

    /// <summary>Items that others put on this node.</summary>
    public IReadOnlyList<SavedItem> Items { get; init; } = [];
}

/// <summary>An item stored for somebody, and when it expires.</summary>
internal readonly record struct SavedItem(DateTimeOffset Expires, byte[] Value, UdpEndpoint Owner);

/// <summary>A contact stored for somebody, and when it expires.</summary>
internal readonly record struct SavedContact(NodeId Key, UdpEndpoint Peer, DateTimeOffset Expires, byte[] Claim);
