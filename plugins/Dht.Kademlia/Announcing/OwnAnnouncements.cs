namespace AptP2P.Dht.Kademlia;

/// <summary>Something this node has.</summary>
internal sealed class OwnAnnouncement(NodeId key, Announcement content, byte[] claim)
{
    public NodeId Key { get; } = key;

    public Announcement Content { get; } = content;

    /// <summary>What goes along with the contact, bencoded.</summary>
    public byte[] Claim { get; } = claim;

    /// <summary>When it is to be announced again.</summary>
    public TimeSpan Due { get; set; }
}

/// <summary>All that this node has, by key.</summary>
internal sealed class OwnAnnouncements
{
    private readonly Dictionary<NodeId, OwnAnnouncement> _byKey = [];

    public int Count => _byKey.Count;

    public IReadOnlyCollection<OwnAnnouncement> All => _byKey.Values;

    public OwnAnnouncement? Find(NodeId key) => _byKey.GetValueOrDefault(key);

    public void Set(OwnAnnouncement announcement) => _byKey[announcement.Key] = announcement;

    public bool Remove(NodeId key) => _byKey.Remove(key);

    /// <summary>
    /// This node's own contact, when it has what a key stands for. It is given to whoever asks, stored or not: in a network of two nodes
    /// there may be nobody else to store it on.
    /// </summary>
    public StoredContact? ContactFor(NodeId key, Family family) =>
        family.OwnPeer is { } peer && Find(key) is { } own ? new StoredContact(peer, TimeSpan.MaxValue, own.Claim) : null;
}
