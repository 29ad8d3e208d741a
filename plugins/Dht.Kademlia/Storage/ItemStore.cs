namespace AptP2P.Dht.Kademlia;

/// <summary>Immutable items kept for others (BEP 44), for two hours each.</summary>
internal sealed class ItemStore(NodeId own, KademliaOptions options)
{
    /// <summary>BEP 44: a value has at most this many bytes, bencoded.</summary>
    public const int MaxLength = 1000;

    private readonly NearestKeys<StoredItem> _items = new(own, options.MaxItems);

    public int Count => _items.Count;

    public IEnumerable<StoredItem> All => _items.All.Select(static entry => entry.Value);

    /// <param name="value">Bencoded and canonical.</param>
    /// <param name="expires">When it is forgotten unless put again.</param>
    public bool TryAdd(ReadOnlySpan<byte> value, TimeSpan expires)
    {
        var target = NodeId.HashOf(value);
        if (!_items.TryGet(target, out var known))
        {
            return _items.TryAdd(target, new StoredItem(value.ToArray(), expires), out _);
        }

        _items.Replace(target, known with { Expires = expires > known.Expires ? expires : known.Expires });
        return true;
    }

    public byte[]? Find(NodeId target, TimeSpan now) => _items.TryGet(target, out var item) && item.Expires > now ? item.Value : null;

    public void Expire(TimeSpan now) => _items.RemoveWhere(item => item.Expires <= now);
}

/// <summary>An item and its end.</summary>
internal readonly record struct StoredItem(byte[] Value, TimeSpan Expires);
