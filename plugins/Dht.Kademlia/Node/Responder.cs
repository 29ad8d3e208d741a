namespace AptP2P.Dht.Kademlia;

/// <summary>
/// Answers queries (BEP 5, 32, 44). It keeps nothing of a query but what an announcement or an item is worth storing, never asks anything
/// because of one, and answers nothing but queries: so it cannot be made to talk to itself, nor much to others.
/// </summary>
internal sealed class Responder(KademliaOptions options, Deadlines deadlines, Storages storages, FamilySet families, OwnAnnouncements own)
{
    private readonly byte[] _buffer = new byte[options.MaxDatagram];
    private readonly List<StoredContact> _sample = [];

    public void Answer(Family family, in KrpcMessage query, UdpEndpoint from)
    {
        var writer = new BencodeWriter(_buffer);
        var error = !query.HasId ? "id missing"u8 : query.Method switch
        {
            KrpcMethod.Ping => Pong(ref writer, family, query, from),
            KrpcMethod.FindNode => FindNode(ref writer, family, query, from),
            KrpcMethod.GetPeers => GetPeers(ref writer, family, query, from),
            KrpcMethod.AnnouncePeer => AnnouncePeer(ref writer, family, query, from),
            _ => query.HasTarget ? FindNode(ref writer, family, query, from) : default,
        };
        if (!error.IsEmpty)
        {
            Fail(family, KrpcError.Protocol, error, query, from);
        }
        else if (writer.Length == 0)
        {
            Fail(family, KrpcError.MethodUnknown, "method unknown"u8, query, from);
        }
        else if (!writer.Overflowed)
        {
            family.Send(writer.Written, from);
        }
    }

    private static ReadOnlySpan<byte> Pong(ref BencodeWriter writer, Family family, in KrpcMessage query, UdpEndpoint from)
    {
        AnswerWriter.Begin(ref writer, from, family.Id);
        AnswerWriter.Finish(ref writer, query.Transaction);
        return default;
    }

    private ReadOnlySpan<byte> FindNode(ref BencodeWriter writer, Family family, in KrpcMessage query, UdpEndpoint from)
    {
        if (!query.HasTarget)
        {
            return "target missing"u8;
        }

        AnswerWriter.Begin(ref writer, from, family.Id);
        WriteNodes(ref writer, family, query);
        AnswerWriter.Finish(ref writer, query.Transaction);
        return default;
    }

    private ReadOnlySpan<byte> GetPeers(ref BencodeWriter writer, Family family, in KrpcMessage query, UdpEndpoint from)
    {
        if (!query.HasTarget)
        {
            return "info_hash missing"u8;
        }

        AnswerWriter.Begin(ref writer, from, family.Id);
        WriteNodes(ref writer, family, query);
        storages.Contacts.Sample(query.Target, family.IsV6, deadlines.Now, _sample);
        if (own.ContactFor(query.Target, family) is { } self)
        {
            _sample.Insert(0, self);
        }

        var room = writer.Free - AnswerWriter.TrailerSize(query.Transaction.Length) - BencodeWriter.StringSize(Tokens.Size) - 32;
        var count = ContactsWriter.Fit(_sample, Math.Min(room, options.MaxDatagram), options.MaxContactsPerAnswer);
        ContactsWriter.WriteClaims(ref writer, _sample, count);
        writer.Key("token"u8);
        storages.Tokens.Write(writer.ReserveString(Tokens.Size), from, query.Target, deadlines.Now);
        ContactsWriter.WriteValues(ref writer, _sample, count);
        AnswerWriter.Finish(ref writer, query.Transaction);
        return default;
    }

    private ReadOnlySpan<byte> AnnouncePeer(ref BencodeWriter writer, Family family, in KrpcMessage query, UdpEndpoint from)
    {
        var port = query.ImpliedPort ? from.Port : query.Port ?? 0;
        if (!query.HasTarget || port is < 1 or > ushort.MaxValue)
        {
            return "info_hash or port missing"u8;
        }

        var now = deadlines.Now;
        if (!storages.Tokens.IsValid(query.Token, from, query.Target, now))
        {
            return "bad token"u8;
        }

        var claim = query.Claim.Length <= options.MaxClaimLength && query.Claim is [(byte)'d', ..] ? query.Claim.ToArray() : [];
        storages.Contacts.TryAdd(query.Target, new StoredContact(from.WithPort((ushort)port), now + options.ContactLife, claim), now);
        return Pong(ref writer, family, query, from);
    }

    private void WriteNodes(ref BencodeWriter writer, Family arrival, in KrpcMessage query)
    {
        var want = query.Want == Want.Unsaid ? arrival.Want : query.Want;
        if (want.HasFlag(Want.V4) && families.V4 is { } v4)
        {
            WriteNodes(ref writer, "nodes"u8, v4, query.Target);
        }

        if (want.HasFlag(Want.V6) && families.V6 is { } v6)
        {
            WriteNodes(ref writer, "nodes6"u8, v6, query.Target);
        }
    }

    private void WriteNodes(ref BencodeWriter writer, ReadOnlySpan<byte> key, Family family, NodeId target)
    {
        var nodes = family.Table.Closest(target, options.BucketSize, static contact => contact.Failures == 0 && contact.Complies);
        writer.Key(key);
        var compact = writer.ReserveString(nodes.Length * family.NodeSize);
        foreach (var node in nodes)
        {
            node.Id.CopyTo(compact);
            node.Endpoint.WriteCompact(compact[NodeId.Size..]);
            compact = compact[family.NodeSize..];
        }
    }

    private void Fail(Family family, KrpcError code, ReadOnlySpan<byte> text, in KrpcMessage query, UdpEndpoint from)
    {
        var writer = new BencodeWriter(_buffer);
        AnswerWriter.Error(ref writer, from, code, text, query.Transaction);
        family.Send(writer.Written, from);
    }
}
