using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.State;

/// <summary>What a node keeps over a restart.</summary>
internal sealed class NodeState
{
    public NodeId? IdV4 { get; init; }

    public NodeId? IdV6 { get; init; }

    /// <summary>The TCP ports that others elsewhere were told; 0 if that is not known.</summary>
    public ushort PortV4 { get; init; }

    public ushort PortV6 { get; init; }

    /// <summary>Whether others elsewhere could ask this node.</summary>
    public bool IsOpenV4 { get; init; }

    public bool IsOpenV6 { get; init; }

    /// <summary>Nodes that answered, to join by after the restart.</summary>
    public IReadOnlyList<UdpEndpoint> Nodes { get; init; } = [];

    /// <summary>Their ids, in the same order, so that look-ups can begin with them at once; empty if they are not known.</summary>
    public IReadOnlyList<NodeId> NodeIds { get; init; } = [];

    /// <summary>When it was saved, if that is known: ids are of use for minutes only.</summary>
    public DateTimeOffset Saved { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>What this node announces.</summary>
    public IReadOnlyList<SavedAnnouncement> Announced { get; init; } = [];

    /// <summary>What others announced to this node.</summary>
    public IReadOnlyList<SavedContact> Contacts { get; init; } = [];

    /// <summary>Items that others put on this node.</summary>
    public IReadOnlyList<SavedItem> Items { get; init; } = [];
}

/// <summary>Something that this node announces, and when that is due again: by the calendar, or in the past if that is not known.</summary>
internal readonly record struct SavedAnnouncement(NodeId Key, Announcement Content)
{
    public DateTimeOffset DueV4 { get; init; } = DateTimeOffset.UnixEpoch;

    public DateTimeOffset DueV6 { get; init; } = DateTimeOffset.UnixEpoch;

    public DateTimeOffset ItemDue { get; init; } = DateTimeOffset.UnixEpoch;
}

/// <summary>An item stored for somebody, and when it expires.</summary>
internal readonly record struct SavedItem(DateTimeOffset Expires, byte[] Value, UdpEndpoint Owner);

/// <summary>A contact stored for somebody, and when it expires.</summary>
internal readonly record struct SavedContact(NodeId Key, UdpEndpoint Peer, DateTimeOffset Expires, byte[] Claim);
