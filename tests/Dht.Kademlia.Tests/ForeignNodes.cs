using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Testing;

namespace AptP2P.Dht.Kademlia.Tests;

/// <summary>Nodes that a test plays, and how they stand in answers.</summary>
internal static class ForeignNodes
{
    /// <summary>A node by its number, with the id that belongs to its address.</summary>
    public static (NodeId Id, UdpEndpoint At) ForeignNode(int number)
    {
        var at = UdpEndpoint.FromV4(0xcb007100 + ((uint)number << 8) + (uint)number, (ushort)(6000 + number));
        return (new NodeId(Subject.IdOf(at)), at);
    }

    public static string Compact((NodeId Id, UdpEndpoint At) node) => PlainBencode.Text(node.Id.ToArray()) + Compact(node.At);

    public static string Compact(UdpEndpoint endpoint)
    {
        Span<byte> bytes = stackalloc byte[UdpEndpoint.CompactSize6];
        return PlainBencode.Text(bytes[..endpoint.WriteCompact(bytes)]);
    }
}
