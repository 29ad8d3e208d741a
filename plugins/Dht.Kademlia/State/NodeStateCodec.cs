using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Shared.Bencode;

namespace AptP2P.Dht.Kademlia.State;

/// <summary>
/// Writes and reads a node's state as a bencoded dictionary. Unknown keys are ignored, so that one can go back to an earlier version.
/// </summary>
internal static class NodeStateCodec
{
    private const long MaxTime = 253_402_300_799; // the end of the year 9999
    private const int MaxClaimLength = 1000; // the largest value of the option of that name

    public static ReadOnlyMemory<byte> Encode(NodeState state)
    {
        var size =
            1024
            + (state.Nodes.Count * 32)
            + (state.Contacts.Count * 96)
            + state.Contacts.Sum(static contact => contact.Claim.Length)
            + state.Items.Sum(static item => 80 + item.Value.Length)
            + state.Announced.Sum(static announced => 128 + ((announced.Content.Pieces?.Pieces.Length ?? 0) * ContentHash.Size));
        var buffer = new byte[size];
        var writer = new BencodeWriter(buffer);
        writer.StartDictionary();
        writer.Key("announced"u8);
        writer.StartList();
        foreach (var (key, content) in state.Announced)
        {
            Write(ref writer, key, content);
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
        writer.End();
        return writer.Overflowed
            ? throw new InvalidOperationException("The state is larger than was counted.")
            : buffer.AsMemory(0, writer.Length);
    }

    /// <exception cref="InvalidDataException">It is not what <see cref="Encode"/> writes.</exception>
    public static NodeState Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[0] != 'd' || !BencodeValidator.IsValid(bytes, BencodeLimits.File))
        {
            throw new InvalidDataException("it is not a bencoded dictionary");
        }

        NodeId? idV4 = null, idV6 = null;
        var nodes = new List<UdpEndpoint>();
        var announced = new List<(NodeId, Announcement)>();
        var contacts = new List<SavedContact>();
        var kept = new List<SavedItem>();
        var reader = new BencodeReader(bytes);
        for (reader.Enter(); reader.Kind != BencodeKind.End;)
        {
            var key = reader.ReadString();
            var value = reader.ReadRaw();
            if (key.SequenceEqual("id4"u8))
            {
                idV4 = ReadId(value);
            }
            else if (key.SequenceEqual("id6"u8))
            {
                idV6 = ReadId(value);
            }
            else if (value[0] == 'l')
            {
                var items = new BencodeReader(value);
                for (items.Enter(); items.Kind != BencodeKind.End;)
                {
                    ReadEntry(key, items.ReadRaw(), nodes, announced, contacts, kept);
                }
            }
        }

        return new NodeState { IdV4 = idV4, IdV6 = idV6, Nodes = nodes, Announced = announced, Contacts = contacts, Items = kept };
    }

    private static void ReadEntry(
        ReadOnlySpan<byte> list,
        ReadOnlySpan<byte> entry,
        List<UdpEndpoint> nodes,
        List<(NodeId, Announcement)> announced,
        List<SavedContact> contacts,
        List<SavedItem> items)
    {
        if (list.SequenceEqual("nodes"u8))
        {
            nodes.Add(ReadEndpoint(BencodeReader.AsString(entry)));
        }
        else if (list.SequenceEqual("items"u8))
        {
            items.Add(ReadItem(Enter(entry)));
        }
        else if (list.SequenceEqual("announced"u8))
        {
            announced.Add(ReadAnnouncement(Enter(entry)));
        }
        else if (list.SequenceEqual("contacts"u8))
        {
            contacts.Add(ReadContact(Enter(entry)));
        }
    }

    private static SavedItem ReadItem(BencodeReader reader)
    {
        var expires = ReadTime(ref reader);
        var value = reader.ReadRaw();
        // earlier versions did not write it
        var owner = reader.Kind == BencodeKind.End ? default : ReadEndpoint(reader.StringOrSkip());
        return value.Length <= KrpcMessage.MaxItemLength && BencodeValidator.IsValid(value, BencodeLimits.Item)
            ? new SavedItem(expires, value.ToArray(), owner)
            : throw new InvalidDataException("an item is not one");
    }

    private static (NodeId Key, Announcement Content) ReadAnnouncement(BencodeReader reader)
    {
        var key = ReadKey(ref reader);
        var hash = Next(ref reader).StringOrSkip();
        var length = Next(ref reader).IntegerOrSkip() ?? -1;
        var pieces = Next(ref reader).StringOrSkip();
        var list = pieces.IsEmpty ? null : PieceList.TryRead(length, pieces);
        return hash.Length == ContentHash.Size && length is >= 0 and <= ClaimCodec.MaxLength && pieces.IsEmpty == list is null
            ? (key, new Announcement(new ContentHash(hash), length, list))
            : throw new InvalidDataException("an announcement is not one");
    }

    private static SavedContact ReadContact(BencodeReader reader)
    {
        var key = ReadKey(ref reader);
        var peer = ReadEndpoint(Next(ref reader).StringOrSkip());
        var expires = ReadTime(ref reader);
        var claim = Next(ref reader).StringOrSkip();
        return
            claim.IsEmpty
            || (claim is [(byte)'d', ..] && claim.Length <= MaxClaimLength && BencodeValidator.IsValid(claim, BencodeLimits.Datagram))
            ? new SavedContact(key, peer, expires, claim.ToArray())
            : throw new InvalidDataException("a claim is not one");
    }

    private static BencodeReader Enter(ReadOnlySpan<byte> entry)
    {
        var reader = new BencodeReader(entry);
        if (reader.Kind != BencodeKind.List)
        {
            throw new InvalidDataException("an entry is not one");
        }

        reader.Enter();
        return reader;
    }

    private static ref BencodeReader Next(ref BencodeReader reader)
    {
        if (reader.Kind == BencodeKind.End)
        {
            throw new InvalidDataException("an entry is too short");
        }

        return ref reader;
    }

    private static NodeId ReadKey(ref BencodeReader reader) =>
        ReadId(Next(ref reader).ReadRaw()) ?? throw new InvalidDataException("a key is not one");

    private static DateTimeOffset ReadTime(ref BencodeReader reader) =>
        Next(ref reader).IntegerOrSkip() is >= 0 and <= MaxTime and { } seconds
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw new InvalidDataException("a time is not one");

    private static void Write(ref BencodeWriter writer, NodeId key, Announcement content)
    {
        writer.StartList();
        writer.Id(key);
        content.Hash.CopyTo(writer.ReserveString(ContentHash.Size));
        writer.Integer(content.Length);
        writer.String(content.Pieces is { } pieces ? pieces.ToBytes() : default);
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

    private static void WriteId(ref BencodeWriter writer, ReadOnlySpan<byte> key, NodeId? id)
    {
        if (id is { } value)
        {
            writer.Key(key);
            writer.Id(value);
        }
    }

    private static NodeId? ReadId(ReadOnlySpan<byte> raw) => NodeId.TryRead(BencodeReader.AsString(raw), out var id) ? id : null;

    private static UdpEndpoint ReadEndpoint(ReadOnlySpan<byte> compact) =>
        UdpEndpoint.IsCompact(compact) && UdpEndpoint.FromCompact(compact) is { Port: > 0 } endpoint
        && endpoint.Scope() != AddressScope.Nobody
            ? endpoint
            : throw new InvalidDataException("an endpoint is not one");
}
