using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Routing;
using AptP2P.Dht.Kademlia.Storage;

namespace AptP2P.Dht.Kademlia.Announcing;

/// <summary>A content that this node has and announces.</summary>
internal sealed class OwnAnnouncement(NodeId key, Announcement content)
{
    private TimeSpan _dueV4;
    private TimeSpan _dueV6;
    private bool _isKeptV4;
    private bool _isKeptV6;
    private bool _isOwedV4;
    private bool _isOwedV6;

    public NodeId Key { get; } = key;

    public Announcement Content { get; } = content;

    /// <summary>What the announcement says of the pieces, bencoded.</summary>
    public byte[] Claim { get; } = ClaimCodec.Encode(content.Length, content.Pieces);

    /// <summary>The target of the item that holds its piece list, if it is stored as one.</summary>
    public NodeId? ItemTarget { get; } = ClaimCodec.IsStored(content.Pieces) ? ClaimCodec.TargetOf(content.Pieces!) : null;

    /// <summary>When that item has to be put again.</summary>
    public TimeSpan ItemDue { get; set; }

    /// <summary>Ends the wait of whoever announced it.</summary>
    public TaskCompletionSource? Waiter { get; set; }

    /// <summary>When it has to be announced again in a family.</summary>
    public TimeSpan DueIn(Family family) => family.IsV6 ? _dueV6 : _dueV4;

    /// <summary>
    /// Whether an earlier run announced it, and it is not due again yet: nodes have it, also those that this run has not met yet.
    /// </summary>
    public bool IsKeptIn(Family family) => family.IsV6 ? _isKeptV6 : _isKeptV4;

    /// <summary>Whether only near nodes were told, because others could not reach this one.</summary>
    public bool IsOwedIn(Family family) => family.IsV6 ? _isOwedV6 : _isOwedV4;

    public void SetOwed(Family family, bool isOwed)
    {
        if (family.IsV6)
        {
            _isOwedV6 = isOwed;
        }
        else
        {
            _isOwedV4 = isOwed;
        }
    }

    public void SetDue(Family family, TimeSpan due, bool isKept = false)
    {
        if (family.IsV6)
        {
            (_dueV6, _isKeptV6) = (due, isKept);
        }
        else
        {
            (_dueV4, _isKeptV4) = (due, isKept);
        }
    }
}

/// <summary>All contents that this node announces, in the order of their keys.</summary>
internal sealed class OwnAnnouncements
{
    private readonly Dictionary<NodeId, OwnAnnouncement> _byKey = [];
    private readonly SortedSet<NodeId> _keys = [];
    private readonly Dictionary<NodeId, OwnAnnouncement> _byItem = [];

    public int Count => _byKey.Count;

    /// <summary>Grows with every change.</summary>
    public long Version { get; private set; }

    public IReadOnlyCollection<OwnAnnouncement> All => _byKey.Values;

    public OwnAnnouncement? Find(NodeId key) => _byKey.GetValueOrDefault(key);

    public void Set(OwnAnnouncement announcement)
    {
        Version++;
        _byKey[announcement.Key] = announcement;
        _keys.Add(announcement.Key);
        if (announcement.ItemTarget is { } target)
        {
            _byItem[target] = announcement;
        }
    }

    public void Remove(NodeId key)
    {
        if (_byKey.Remove(key, out var announcement))
        {
            Version++;
            _keys.Remove(key);
            if (announcement.ItemTarget is { } target)
            {
                _byItem.Remove(target);
            }
        }
    }

    /// <summary>The item that holds a piece list of ours.</summary>
    public byte[]? FindItem(NodeId target) => _byItem.TryGetValue(target, out var own) ? ClaimCodec.ToItem(own.Content.Pieces!) : null;

    /// <summary>Those whose keys share some leading bits with an id.</summary>
    public IEnumerable<OwnAnnouncement> InRegion(NodeId id, int bits)
    {
        var (first, last) = id.Region(bits);
        return _keys.GetViewBetween(first, last).Select(key => _byKey[key]);
    }

    /// <summary>
    /// This node's own contact, if it has the content of a key. Whoever asks gets it, although it is not stored here: in a network of two
    /// nodes there may be nobody else to store it on.
    /// </summary>
    public StoredContact? ContactFor(NodeId key, Family family, UdpEndpoint requester) =>
        family.OwnPeerFor(requester) is { } peer && Find(key) is { } own ? new StoredContact(peer, TimeSpan.MaxValue, own.Claim) : null;
}
