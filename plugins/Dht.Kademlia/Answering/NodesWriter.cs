using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Bencode;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Routing;

namespace AptP2P.Dht.Kademlia.Answering;

/// <summary>Writes <c>nodes</c> and <c>nodes6</c> (BEP 5, BEP 32).</summary>
internal static class NodesWriter
{
    /// <summary>Writes as many of the nearest nodes of a family as fit into some bytes and may be told to a requester.</summary>
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
