using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Messages;

/// <summary>
/// Reads <c>nodes</c> or <c>nodes6</c> (BEP 5, BEP 32), node by node; what is left of a string of odd length is passed over.
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
