using System.Buffers.Binary;
using System.Numerics;

namespace AptP2P.Dht.Kademlia.Addressing;

/// <summary>
/// Ids bound to addresses (<see href="https://www.bittorrent.org/beps/bep_0042.html">BEP 42</see>). A party with few addresses has few ids,
/// and cannot choose them: so nobody can put a hundred nodes around one key.
/// </summary>
internal static class BoundNodeId
{
    private const ulong MaskV6 = 0x0103_070f_1f3f_7fff;
    private const uint MaskV4 = 0x030f_3fff;

    public static NodeId Create(UdpEndpoint address, Random random) => Create(address, (byte)random.Next(256), random);

    /// <param name="address">The node's address as others see it.</param>
    /// <param name="seed">An address has eight ids, by the low three bits of this. It becomes the id's last byte.</param>
    /// <param name="random">For the bits that the address does not decide.</param>
    public static NodeId Create(UdpEndpoint address, byte seed, Random random)
    {
        Span<byte> id = stackalloc byte[NodeId.Size];
        random.NextBytes(id);
        var crc = Checksum(address, seed);
        id[0] = (byte)(crc >> 24);
        id[1] = (byte)(crc >> 16);
        id[2] = (byte)((crc >> 8 & 0xf8) | (uint)(id[2] & 7));
        id[^1] = seed;
        return new NodeId(id);
    }

    /// <summary>The id to start with: the earlier one, unless the socket has a public address that the id does not belong to.</summary>
    public static NodeId Keep(NodeId? before, UdpEndpoint bound, Random random) =>
        before is { } id && (bound.Scope() == AddressScope.Nobody || Complies(id, bound)) ? id : Create(bound, random);

    /// <summary>Whether an id belongs to an address. Local addresses are exempt.</summary>
    public static bool Complies(NodeId id, UdpEndpoint endpoint)
    {
        if (endpoint.IsLocal())
        {
            return true;
        }

        Span<byte> bytes = stackalloc byte[NodeId.Size];
        id.CopyTo(bytes);
        return (BinaryPrimitives.ReadUInt32BigEndian(bytes) ^ Checksum(endpoint, bytes[^1])) >> 11 == 0; // the top 21 bits
    }

    private static uint Checksum(UdpEndpoint address, byte seed)
    {
        var crc = address.IsV6
            ? BitOperations.Crc32C(uint.MaxValue, BinaryPrimitives.ReverseEndianness((address.V6High & MaskV6) | ((ulong)(seed & 7) << 61)))
            : BitOperations.Crc32C(uint.MaxValue, BinaryPrimitives.ReverseEndianness((address.V4 & MaskV4) | ((uint)(seed & 7) << 29)));
        return ~crc;
    }
}
