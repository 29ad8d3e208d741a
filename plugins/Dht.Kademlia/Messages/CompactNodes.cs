using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Messages;

/// <summary>
/// Reads <c>nodes</c> (<see href="https://www.bittorrent.org/beps/bep_0005.html">BEP 5</see>) or <c>nodes6</c>
/// (<see href="https://www.bittorrent.org/beps/bep_0032.html">BEP 32</see>) node by node. Bytes after the last whole node are ignored.
/// </summary>
internal ref struct CompactNodes(ReadOnlySpan<byte> compact, bool v6)
{
    private readonly int _size = SizeOf(v6);
    private ReadOnlySpan<byte> _left = compact;

    /// <summary>Bytes of one node in a family.</summary>
    public static int SizeOf(bool v6) => NodeId.Size + UdpEndpoint.SizeOf(v6);

    public bool TryNext(out NodeId id, out UdpEndpoint endpoint)
    {
        (id, endpoint) = (default, default);
        if (_left.Length < _size)
        {
            return false;
        }

        (id, endpoint) = (new NodeId(_left), UdpEndpoint.FromCompact(_left[NodeId.Size.._size]));
        _left = _left[_size..];
        return true;
    }
}
