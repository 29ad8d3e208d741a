using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Routing;
using AptP2P.Dht.Kademlia.Storage;

namespace AptP2P.Dht.Kademlia.Announcing;

/// <summary>Something this node has.</summary>
internal sealed class OwnAnnouncement(NodeId key, Announcement content)
{
    private TimeSpan _dueV4;
    private TimeSpan _dueV6;

    public NodeId Key { get; } = key;

    public Announcement Content { get; } = content;

    /// <summary>What goes along with the contact, bencoded.</summary>
    public byte[] Claim { get; } = ClaimCodec.Encode(content.Length, content.Pieces);

    /// <summary>The key of the item that its piece list is stored as, if it is.</summary>
    public NodeId? ItemTarget { get; } = ClaimCodec.IsStored(content.Pieces) ? ClaimCodec.TargetOf(content.Pieces!) : null;

    /// <summary>When that item is to be put again.</summary>
    public TimeSpan ItemDue { get; set; }

    /// <summary>Whoever waits for it to be known.</summary>
    public TaskCompletionSource? Waiter { get; set; }

    /// <summary>When it is to be announced again in a family.</summary>
    public TimeSpan DueIn(Family family) => family.IsV6 ? _dueV6 : _dueV4;

    public void SetDue(Family family, TimeSpan due)
    {
        if (family.IsV6)
        {
            _dueV6 = due;
        }
        else
        {
            _dueV4 = due;
        }
    }
}

/// <summary>All that this node has, in the order of the keys.</summary>
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

    /// <summary>A piece list of ours, as the item it is stored as.</summary>
    public byte[]? FindItem(NodeId target) => _byItem.TryGetValue(target, out var own) ? ClaimCodec.ToItem(own.Content.Pieces!) : null;

    /// <summary>Those whose keys share some leading bits with an id.</summary>
    public IEnumerable<OwnAnnouncement> InRegion(NodeId id, int bits)
    {
        var (first, last) = id.Region(bits);
        return _keys.GetViewBetween(first, last).Select(key => _byKey[key]);
    }

    /// <summary>
    /// This node's own contact, when it has what a key stands for. It is given to whoever asks, stored or not: in a network of two nodes
    /// there may be nobody else to store it on.
    /// </summary>
    public StoredContact? ContactFor(NodeId key, Family family, UdpEndpoint requester) =>
        family.OwnPeerFor(requester) is { } peer && Find(key) is { } own ? new StoredContact(peer, TimeSpan.MaxValue, own.Claim) : null;
}
