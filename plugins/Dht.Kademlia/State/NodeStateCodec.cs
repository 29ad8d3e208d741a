using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Shared.Bencode;

namespace AptP2P.Dht.Kademlia.State;

/// <summary>
/// Writes and reads a node's state as a bencoded dictionary. Unknown keys, and what follows in an entry, are ignored, so that one can go
/// back to an earlier version; what an earlier version did not write is as good as unknown.
/// </summary>
internal static partial class NodeStateCodec
{
    public static ReadOnlyMemory<byte> Encode(NodeState state)
    {
        var size =
            1024
            + (state.Nodes.Count * (32 + NodeId.Size))
            + (state.Contacts.Count * 96)
            + state.Contacts.Sum(static contact => contact.Claim.Length)
            + state.Items.Sum(static item => 80 + item.Value.Length)
            + state.Announced.Sum(static announced => 192 + ((announced.Content.Pieces?.Pieces.Length ?? 0) * ContentHash.Size));
        var buffer = new byte[size];
        var writer = new BencodeWriter(buffer);
        writer.StartDictionary();
        writer.Key("announced"u8);
        writer.StartList();
        foreach (var announced in state.Announced)
        {
            Write(ref writer, announced);
        }

        writer.End();
        writer.Key("contacts"u8);
        writer.StartList();
        foreach (var contact in state.Contacts)
        {
            Write(ref writer, contact);
        }

        writer.End();
        WriteId(ref writer, "id4"u8, state.IdV4);
        WriteId(ref writer, "id6"u8, state.IdV6);
        WriteIds(ref writer, state);
        writer.Key("items"u8);
        writer.StartList();
        foreach (var item in state.Items)
        {
            writer.StartList();
            writer.Integer(item.Expires.ToUnixTimeSeconds());
            writer.Raw(item.Value);
            if (item.Owner.Port != 0)
            {
                writer.Endpoint(item.Owner);
            }

            writer.End();
        }

        writer.End();
        writer.Key("nodes"u8);
        writer.StartList();
        foreach (var node in state.Nodes)
        {
            writer.Endpoint(node);
        }

        writer.End();
        writer.Key("open4"u8);
        writer.Integer(state.IsOpenV4 ? 1 : 0);
        writer.Key("open6"u8);
        writer.Integer(state.IsOpenV6 ? 1 : 0);
        writer.Key("port4"u8);
        writer.Integer(state.PortV4);
        writer.Key("port6"u8);
        writer.Integer(state.PortV6);
        writer.Key("saved"u8);
        writer.Integer(state.Saved.ToUnixTimeSeconds());
        writer.End();
        return writer.Overflowed
            ? throw new InvalidOperationException("The state is larger than was counted.")
            : buffer.AsMemory(0, writer.Length);
    }

    private static void Write(ref BencodeWriter writer, SavedAnnouncement announced)
    {
        var content = announced.Content;
        writer.StartList();
        writer.Id(announced.Key);
        content.Hash.CopyTo(writer.ReserveString(ContentHash.Size));
        writer.Integer(content.Length);
        writer.String(content.Pieces is { } pieces ? pieces.ToBytes() : default);
        writer.Integer(announced.DueV4.ToUnixTimeSeconds());
        writer.Integer(announced.DueV6.ToUnixTimeSeconds());
        writer.Integer(announced.ItemDue.ToUnixTimeSeconds());
        writer.End();
    }

    private static void Write(ref BencodeWriter writer, SavedContact contact)
    {
        writer.StartList();
        writer.Id(contact.Key);
        writer.Endpoint(contact.Peer);
        writer.Integer(contact.Expires.ToUnixTimeSeconds());
        writer.String(contact.Claim);
        writer.End();
    }

    private static void WriteIds(ref BencodeWriter writer, NodeState state)
    {
        if (state.NodeIds.Count != state.Nodes.Count)
        {
            return;
        }

        writer.Key("ids"u8);
        var ids = writer.ReserveString(state.NodeIds.Count * NodeId.Size);
        for (var i = 0; !writer.Overflowed && i < state.NodeIds.Count; i++)
        {
            state.NodeIds[i].CopyTo(ids[(i * NodeId.Size)..]);
        }
    }

    private static void WriteId(ref BencodeWriter writer, ReadOnlySpan<byte> key, NodeId? id)
    {
        if (id is { } value)
        {
            writer.Key(key);
            writer.Id(value);
        }
    }
}
