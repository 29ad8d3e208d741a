using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Configuration;

namespace AptP2P.Dht.Kademlia.Storage;

/// <summary>Immutable items (<see href="https://www.bittorrent.org/beps/bep_0044.html">BEP 44</see>) that are kept for others.</summary>
internal sealed class ItemStore(KademliaOptions options)
{
    private readonly Dictionary<NodeId, StoredItem> _items = [];
    private readonly Holdings _holdings = new(options.MaxItemsPerAddress, options.MaxItemsPerSubnet);

    public int Count => _items.Count;

    public IEnumerable<StoredItem> All => _items.Values;

    /// <param name="value">Bencoded and canonical.</param>
    /// <param name="owner">Who puts it.</param>
    /// <param name="expires">When it is forgotten, unless it is put again.</param>
    public bool TryAdd(ReadOnlySpan<byte> value, UdpEndpoint owner, TimeSpan expires)
    {
        var target = NodeId.HashOf(value);
        if (_items.TryGetValue(target, out var known))
        {
            known.Expires = expires > known.Expires ? expires : known.Expires;
            Renew(known, owner);
            return true;
        }

        if (options.MaxItems == 0 || !_holdings.HasRoomFor(owner))
        {
            return false;
        }

        while (Count >= options.MaxItems)
        {
            Remove((StoredItem)_holdings.First());
        }

        var added = new StoredItem(target, value.ToArray(), owner) { Expires = expires };
        _items.Add(target, added);
        _holdings.Add(added, owner);
        return true;
    }

    public byte[]? Find(NodeId target, TimeSpan now) => _items.TryGetValue(target, out var item) && item.Expires > now ? item.Value : null;

    public void Expire(TimeSpan now)
    {
        foreach (var item in _items.Values)
        {
            if (item.Expires <= now)
            {
                Remove(item); // allowed while enumerating, as nothing is added
            }
        }
    }

    // An item is the same whoever puts it. It counts for the host that holds least: else a flood could displace the items of others with
    // its own.
    private void Renew(StoredItem item, UdpEndpoint owner)
    {
        if (_holdings.HasLess(owner, item))
        {
            _holdings.Remove(item);
            item.Owner = owner;
            _holdings.Add(item, owner);
        }
        else
        {
            Holdings.Renew(item);
        }
    }

    private void Remove(StoredItem item)
    {
        _holdings.Remove(item);
        _items.Remove(item.Target);
    }
}

/// <summary>A stored item, with the host for which it counts.</summary>
internal sealed class StoredItem(NodeId target, byte[] value, UdpEndpoint owner) : Holding
{
    public NodeId Target { get; } = target;

    public byte[] Value { get; } = value;

    public UdpEndpoint Owner { get; set; } = owner;

    public TimeSpan Expires { get; set; }
}
