using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Shared.Bencode;

namespace AptP2P.Dht.Kademlia.State;

/// <summary>Reads what was written, and anything else that lies there.</summary>
internal static partial class NodeStateCodec
{
    private const long MaxTime = 253_402_300_799; // the end of the year 9999
    private const int MaxClaimLength = 1000; // the largest value of the option of that name

    /// <exception cref="InvalidDataException">It is not what <see cref="Encode"/> writes.</exception>
    public static NodeState Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[0] != 'd' || !BencodeValidator.IsValid(bytes, BencodeLimits.File))
        {
            throw new InvalidDataException("it is not a bencoded dictionary");
        }

        NodeId? idV4 = null, idV6 = null;
        var saved = DateTimeOffset.UnixEpoch;
        ushort portV4 = 0, portV6 = 0;
        bool isOpenV4 = false, isOpenV6 = false;
        var ids = new List<NodeId>();
        var nodes = new List<UdpEndpoint>();
        var announced = new List<SavedAnnouncement>();
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
            else if (key.SequenceEqual("ids"u8))
            {
                for (var left = BencodeReader.AsString(value); left.Length >= NodeId.Size; left = left[NodeId.Size..])
                {
                    ids.Add(new NodeId(left));
                }
            }
            else if (key.SequenceEqual("open4"u8))
            {
                isOpenV4 = BencodeReader.AsInteger(value) == 1;
            }
            else if (key.SequenceEqual("open6"u8))
            {
                isOpenV6 = BencodeReader.AsInteger(value) == 1;
            }
            else if (key.SequenceEqual("port4"u8))
            {
                portV4 = ToPort(value);
            }
            else if (key.SequenceEqual("port6"u8))
            {
                portV6 = ToPort(value);
            }
            else if (key.SequenceEqual("saved"u8))
            {
                saved = ToTime(BencodeReader.AsInteger(value));
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

        return new NodeState
        {
            IdV4 = idV4,
            IdV6 = idV6,
            IsOpenV4 = isOpenV4,
            IsOpenV6 = isOpenV6,
            PortV4 = portV4,
            PortV6 = portV6,
            Nodes = nodes,
            NodeIds = ids.Count == nodes.Count ? ids : [],
            Saved = saved,
            Announced = announced,
            Contacts = contacts,
            Items = kept,
        };
    }

    private static void ReadEntry(
        ReadOnlySpan<byte> list,
        ReadOnlySpan<byte> entry,
        List<UdpEndpoint> nodes,
        List<SavedAnnouncement> announced,
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

    private static SavedAnnouncement ReadAnnouncement(BencodeReader reader)
    {
        var key = ReadKey(ref reader);
        var hash = Next(ref reader).StringOrSkip();
        var length = Next(ref reader).IntegerOrSkip() ?? -1;
        var pieces = Next(ref reader).StringOrSkip();
        var list = pieces.IsEmpty ? null : PieceList.TryRead(length, pieces);
        return hash.Length == ContentHash.Size && length is >= 0 and <= ClaimCodec.MaxLength && pieces.IsEmpty == list is null
            ? new SavedAnnouncement(key, new Announcement(new ContentHash(hash), length, list))
            {
                DueV4 = ReadDue(ref reader),
                DueV6 = ReadDue(ref reader),
                ItemDue = ReadDue(ref reader),
            }
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
        ToTime(Next(ref reader).IntegerOrSkip());

    // earlier versions did not write it
    private static DateTimeOffset ReadDue(ref BencodeReader reader) =>
        reader.Kind == BencodeKind.End ? DateTimeOffset.UnixEpoch : ReadTime(ref reader);

    private static ushort ToPort(ReadOnlySpan<byte> value) =>
        BencodeReader.AsInteger(value) is >= 0 and <= ushort.MaxValue and { } port
            ? (ushort)port
            : throw new InvalidDataException("a port is not one");

    private static DateTimeOffset ToTime(long? time) =>
        time is >= 0 and <= MaxTime and { } seconds
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw new InvalidDataException("a time is not one");

    private static NodeId? ReadId(ReadOnlySpan<byte> raw) => NodeId.TryRead(BencodeReader.AsString(raw), out var id) ? id : null;

    private static UdpEndpoint ReadEndpoint(ReadOnlySpan<byte> compact) =>
        UdpEndpoint.IsCompact(compact) && UdpEndpoint.FromCompact(compact) is { Port: > 0 } endpoint
        && endpoint.Scope() != AddressScope.Nobody
            ? endpoint
            : throw new InvalidDataException("an endpoint is not one");
}
