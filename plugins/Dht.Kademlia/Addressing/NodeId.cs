using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace AptP2P.Dht.Kademlia.Addressing;

/// <summary>
/// A point of the 160-bit key space (<see href="https://www.bittorrent.org/beps/bep_0005.html">BEP 5</see>): a node's id, a key, or a
/// distance.
/// </summary>
internal readonly struct NodeId : IEquatable<NodeId>, IComparable<NodeId>
{
    public const int Size = 20;
    public const int Bits = Size * 8;

    private readonly ulong _high, _middle; // big-endian, so that comparing numbers compares bytes
    private readonly uint _low;

    public NodeId(ReadOnlySpan<byte> bytes)
    {
        _high = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _middle = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _low = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..Size]);
    }

    private NodeId(ulong high, ulong middle, uint low) => (_high, _middle, _low) = (high, middle, low);

    /// <summary>The largest distance there is.</summary>
    public static NodeId Max => new(ulong.MaxValue, ulong.MaxValue, uint.MaxValue);

    /// <summary>Where in the key space the id is, or what share of it a distance spans: from 0 to 1.</summary>
    public double Fraction => _high / 18446744073709551616.0;

    /// <summary>How many leading bits are 0. In a distance: how many leading bits both ids have in common.</summary>
    public int LeadingZeros =>
        _high != 0 ? BitOperations.LeadingZeroCount(_high)
        : _middle != 0 ? 64 + BitOperations.LeadingZeroCount(_middle)
        : 128 + BitOperations.LeadingZeroCount(_low);

    /// <returns>Whether the bytes are as many as an id has.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out NodeId id)
    {
        id = bytes.Length == Size ? new NodeId(bytes) : default;
        return bytes.Length == Size;
    }

    public static NodeId Create(Random random)
    {
        Span<byte> bytes = stackalloc byte[Size];
        random.NextBytes(bytes);
        return new NodeId(bytes);
    }

    /// <summary>An id that has exactly <paramref name="bits"/> leading bits in common with this one.</summary>
    public NodeId WithCommonPrefix(int bits, Random random)
    {
        Span<byte> own = stackalloc byte[Size];
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(own);
        random.NextBytes(bytes);
        for (var i = 0; i < bits; i++)
        {
            CopyBit(own, bytes, i, flip: false);
        }

        CopyBit(own, bytes, bits, flip: true);
        return new NodeId(bytes);
    }

    /// <summary>The first and the last id of those that share <paramref name="bits"/> leading bits with this one.</summary>
    public (NodeId First, NodeId Last) Region(int bits)
    {
        Span<byte> first = stackalloc byte[Size];
        Span<byte> last = stackalloc byte[Size];
        CopyTo(first);
        last.Fill(0xff);
        for (var i = 0; i < bits; i++)
        {
            CopyBit(first, last, i, flip: false);
        }

        for (var i = bits; i < Bits; i++)
        {
            first[i >> 3] &= (byte)~(0x80 >> (i & 7));
        }

        return (new NodeId(first), new NodeId(last));
    }

    /// <summary>The SHA-1 of some bytes: the target of an immutable item (BEP 44).</summary>
    public static NodeId HashOf(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(bytes, hash);
        return new NodeId(hash);
    }

    public int CommonPrefix(NodeId other) => (this ^ other).LeadingZeros;

    /// <summary>Whether this id is nearer to <paramref name="target"/> than <paramref name="other"/> is.</summary>
    public bool IsCloserTo(NodeId target, NodeId other) => (this ^ target).CompareTo(other ^ target) < 0;

    /// <summary>The three bits after the first <paramref name="from"/> bits: they say in which eighth of a bucket the id is.</summary>
    public int ThreeBits(int from)
    {
        Span<byte> bytes = stackalloc byte[Size + 2];
        bytes[Size..].Clear();
        CopyTo(bytes);
        return (BinaryPrimitives.ReadUInt16BigEndian(bytes[(from >> 3)..]) >> (13 - (from & 7))) & 7;
    }

    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _middle);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], _low);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    public bool Equals(NodeId other) => _high == other._high && _middle == other._middle && _low == other._low;

    public override bool Equals(object? obj) => obj is NodeId other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_high, _middle, _low); // keyed per process: strangers choose ids

    public int CompareTo(NodeId other)
    {
        var order = _high.CompareTo(other._high);
        order = order != 0 ? order : _middle.CompareTo(other._middle);
        return order != 0 ? order : _low.CompareTo(other._low);
    }

    public override string ToString() => Convert.ToHexStringLower(ToArray());

    public static bool operator ==(NodeId left, NodeId right) => left.Equals(right);

    public static bool operator !=(NodeId left, NodeId right) => !left.Equals(right);

    /// <summary>The Kademlia distance.</summary>
    public static NodeId operator ^(NodeId left, NodeId right) =>
        new(left._high ^ right._high, left._middle ^ right._middle, left._low ^ right._low);

    private static void CopyBit(ReadOnlySpan<byte> from, Span<byte> to, int index, bool flip)
    {
        var mask = (byte)(0x80 >> (index & 7));
        var set = (from[index >> 3] & mask) != 0;
        to[index >> 3] = (byte)(set != flip ? to[index >> 3] | mask : to[index >> 3] & ~mask);
    }
}
