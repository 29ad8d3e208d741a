using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Shared.Bencode;

namespace AptP2P.Dht.Kademlia.Messages;

/// <summary>
/// Writes ids and endpoints as bencoded strings in their compact forms
/// (<see href="https://www.bittorrent.org/beps/bep_0005.html">BEP 5</see>).
/// </summary>
internal static class CompactWriter
{
    public static void Id(this ref BencodeWriter writer, NodeId id)
    {
        var destination = writer.ReserveString(NodeId.Size);
        if (!writer.Overflowed)
        {
            id.CopyTo(destination);
        }
    }

    public static void Endpoint(this ref BencodeWriter writer, UdpEndpoint endpoint)
    {
        Span<byte> compact = stackalloc byte[UdpEndpoint.CompactSize6];
        writer.String(compact[..endpoint.WriteCompact(compact)]);
    }
}
