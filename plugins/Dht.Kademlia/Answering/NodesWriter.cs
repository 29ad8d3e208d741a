using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Routing;
using AptP2P.Shared.Bencode;

namespace AptP2P.Dht.Kademlia.Answering;

/// <summary>
/// Writes <c>nodes</c> (<see href="https://www.bittorrent.org/beps/bep_0005.html">BEP 5</see>) and <c>nodes6</c>
/// (<see href="https://www.bittorrent.org/beps/bep_0032.html">BEP 32</see>).
/// </summary>
internal static class NodesWriter
{
    /// <summary>Writes the nearest nodes of a family that a requester may be told of, as many as fit into some bytes.</summary>
    public static void Write(ref BencodeWriter writer, Family family, NodeId target, UdpEndpoint requester, int max, int room)
    {
        var key = family.IsV6 ? "nodes6"u8 : "nodes"u8;
        var size = CompactNodes.SizeOf(family.IsV6);
        var fit = Math.Min(max, (room - BencodeWriter.StringSize(key.Length) - 4) / size);
        if (fit < 0)
        {
            return;
        }

        var nodes = family.Table.ClosestToTell(target, fit, requester);
        writer.Key(key);
        var compact = writer.ReserveString(nodes.Length * size);
        foreach (var node in nodes)
        {
            node.Id.CopyTo(compact);
            node.Endpoint.WriteCompact(compact[NodeId.Size..]);
            compact = compact[size..];
        }
    }
}
