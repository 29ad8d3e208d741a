using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Announcing;
using AptP2P.Dht.Kademlia.Configuration;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Routing;
using AptP2P.Dht.Kademlia.Storage;
using AptP2P.Shared.Bencode;

namespace AptP2P.Dht.Kademlia.Answering;

/// <summary>
/// Answers queries (<see href="https://www.bittorrent.org/beps/bep_0005.html">BEP 5</see>,
/// <see href="https://www.bittorrent.org/beps/bep_0032.html">BEP 32</see>,
/// <see href="https://www.bittorrent.org/beps/bep_0044.html">BEP 44</see>). Of a query it keeps only an announced contact or an item. It
/// answers queries only: so nobody can make two nodes answer each other.
/// </summary>
internal sealed class Responder(
    KademliaOptions options, byte[] network, Stores stores, FamilySet families, OwnAnnouncements own, Gatekeeper gate, Random random)
{
    private static readonly int TokenSize = BencodeWriter.StringSize("token".Length) + BencodeWriter.StringSize(Tokens.Size);

    private readonly Tokens _tokens = new(options, random);
    private readonly byte[] _buffer = new byte[Math.Max(options.MaxDatagram, options.MaxItemDatagram)];
    private readonly List<StoredContact> _sample = [];

    /// <returns>The answer, valid until the next call; empty if none may be sent.</returns>
    public ReadOnlySpan<byte> Answer(Family family, in KrpcMessage query, UdpEndpoint from, TimeSpan now)
    {
        var request = new Request(family, from, now, gate.AnswerLimit(from, now));
        var limit = query.Method == KrpcMethod.Get && request.Limit == options.MaxDatagram ? options.MaxItemDatagram : request.Limit;
        var writer = new BencodeWriter(_buffer.AsSpan(0, limit));
        var error = !query.HasId ? new Refusal(KrpcError.Protocol, "id missing"u8) : query.Method switch
        {
            KrpcMethod.Ping => Pong(ref writer, query, request),
            KrpcMethod.FindNode => FindNode(ref writer, query, request),
            KrpcMethod.GetPeers => GetPeers(ref writer, query, request),
            KrpcMethod.AnnouncePeer => AnnouncePeer(ref writer, query, request),
            KrpcMethod.Get => GetItem(ref writer, query, request),
            KrpcMethod.Put => PutItem(ref writer, query, request),
            _ when query.HasTarget => FindNode(ref writer, query, request), // BEP 5: so that later methods find their nodes
            _ => new Refusal(KrpcError.MethodUnknown, "method unknown"u8),
        };
        if (!error.IsNone)
        {
            writer = new BencodeWriter(_buffer);
            AnswerWriter.Error(ref writer, from, network, error.Code, error.Text, query.Transaction);
        }

        return !writer.Overflowed && (gate.Proven.Contains(from, now) || gate.Releases(writer.Length, now)) ? writer.Written : default;
    }

    private Refusal Pong(ref BencodeWriter writer, in KrpcMessage query, in Request request)
    {
        AnswerWriter.Begin(ref writer, request.From, network, request.Family.Id);
        AnswerWriter.Finish(ref writer, query.Transaction, readOnly: !request.Family.Answers(request.From));
        return Refusal.None;
    }

    private Refusal FindNode(ref BencodeWriter writer, in KrpcMessage query, in Request request)
    {
        if (!query.HasTarget)
        {
            return new Refusal(KrpcError.Protocol, "target missing"u8);
        }

        AnswerWriter.Begin(ref writer, request.From, network, request.Family.Id);
        WriteNodes(ref writer, query, request, 0);
        AnswerWriter.Finish(ref writer, query.Transaction);
        return Refusal.None;
    }

    private Refusal GetPeers(ref BencodeWriter writer, in KrpcMessage query, in Request request)
    {
        if (!query.HasTarget)
        {
            return new Refusal(KrpcError.Protocol, "info_hash missing"u8);
        }

        AnswerWriter.Begin(ref writer, request.From, network, request.Family.Id);
        WriteNodes(ref writer, query, request, TokenSize);
        stores.Contacts.Sample(query.Target, request.From, request.Now, _sample);
        if (own.ContactFor(query.Target, request.Family, request.From) is { } self)
        {
            _sample.Insert(0, self);
        }

        var room = writer.Free - AnswerWriter.TrailerSize(query.Transaction.Length) - TokenSize;
        var count = ContactsWriter.Fit(_sample, room, options.MaxContactsPerAnswer);
        ContactsWriter.WriteClaims(ref writer, _sample, count);
        WriteToken(ref writer, query, request);
        ContactsWriter.WriteValues(ref writer, _sample, count);
        AnswerWriter.Finish(ref writer, query.Transaction);
        return Refusal.None;
    }

    private Refusal AnnouncePeer(ref BencodeWriter writer, in KrpcMessage query, in Request request)
    {
        var port = query.ImpliedPort ? request.From.Port : query.Port ?? 0;
        if (!query.HasTarget || port is < 1 or > ushort.MaxValue)
        {
            return new Refusal(KrpcError.Protocol, "info_hash or port missing"u8);
        }

        if (port < options.LowestPort)
        {
            return new Refusal(KrpcError.Protocol, "port too low"u8);
        }

        if (!_tokens.IsValid(query.Token, request.From, query.Target, request.Now))
        {
            return new Refusal(KrpcError.Protocol, "bad token"u8);
        }

        gate.Proven.Add(request.From, request.Now);
        var contact = new StoredContact(request.From.WithPort((ushort)port), request.Now + options.ContactLife, []);
        Store(query.Target, contact, query.Claim, request);
        AnswerWriter.Begin(ref writer, request.From, network, request.Family.Id);
        if (!query.MoreKeys.IsEmpty)
        {
            writer.Key("ks"u8);
            writer.Integer(StoreMore(query.MoreKeys, contact, request));
        }

        AnswerWriter.Finish(ref writer, query.Transaction);
        return Refusal.None;
    }

    private Refusal GetItem(ref BencodeWriter writer, in KrpcMessage query, in Request request)
    {
        if (!query.HasTarget)
        {
            return new Refusal(KrpcError.Protocol, "target missing"u8);
        }

        var value = stores.Items.Find(query.Target, request.Now) ?? own.FindItem(query.Target);
        var valueSize = value is null ? 0 : BencodeWriter.StringSize(1) + value.Length;
        AnswerWriter.Begin(ref writer, request.From, network, request.Family.Id);
        WriteNodes(ref writer, query, request, TokenSize + valueSize);
        WriteToken(ref writer, query, request);
        if (value is not null && writer.Free - AnswerWriter.TrailerSize(query.Transaction.Length) >= valueSize)
        {
            writer.Key("v"u8);
            writer.Raw(value);
        }

        AnswerWriter.Finish(ref writer, query.Transaction);
        return Refusal.None;
    }

    private Refusal PutItem(ref BencodeWriter writer, in KrpcMessage query, in Request request)
    {
        if (query.IsMutable)
        {
            return new Refusal(KrpcError.MethodUnknown, "only immutable items"u8); // .NET has no Ed25519 to check mutable ones with
        }

        if (query.Value.Length > KrpcMessage.MaxItemLength)
        {
            return new Refusal(KrpcError.ValueTooBig, "v too big"u8);
        }

        if (query.Value.IsEmpty || !BencodeValidator.IsValid(query.Value, BencodeLimits.Item))
        {
            return new Refusal(KrpcError.Protocol, "v missing or not canonical"u8);
        }

        if (!_tokens.IsValid(query.Token, request.From, NodeId.HashOf(query.Value), request.Now))
        {
            return new Refusal(KrpcError.Protocol, "bad token"u8);
        }

        gate.Proven.Add(request.From, request.Now);
        if (request.Family.Keeps(NodeId.HashOf(query.Value), request.From))
        {
            stores.Items.TryAdd(query.Value, request.From, request.Now + options.ItemLife);
        }

        return Pong(ref writer, query, request);
    }

    private bool Store(NodeId key, in StoredContact contact, ReadOnlySpan<byte> claim, in Request request)
    {
        var kept = claim.Length <= options.MaxClaimLength && claim is [(byte)'d', ..] ? claim.ToArray() : [];
        return request.Family.Keeps(key, request.From) && stores.Contacts.TryAdd(key, contact with { Claim = kept }, request.Now);
    }

    private int StoreMore(ReadOnlySpan<byte> list, in StoredContact contact, in Request request)
    {
        var stored = 0;
        var batch = new KeyBatchReader(list);
        for (var i = 0; i < options.MaxKeysPerAnnounce && batch.TryNext(out var key, out var claim); i++)
        {
            stored += Store(key, contact, claim, request) ? 1 : 0;
        }

        return stored;
    }

    private void WriteToken(ref BencodeWriter writer, in KrpcMessage query, in Request request)
    {
        Span<byte> token = stackalloc byte[Tokens.Size];
        _tokens.Write(token, request.From, query.Target, request.Now);
        writer.Key("token"u8);
        writer.String(token);
    }

    private void WriteNodes(ref BencodeWriter writer, in KrpcMessage query, in Request request, int reserved)
    {
        var want = query.Want == Want.Unsaid ? request.Family.Want : query.Want;
        reserved += AnswerWriter.TrailerSize(query.Transaction.Length);
        for (var i = 0; i < families.All.Count; i++)
        {
            var family = families.All[i];
            if ((want & family.Want) != 0)
            {
                NodesWriter.Write(ref writer, family, query.Target, request.From, options.BucketSize, writer.Free - reserved);
            }
        }
    }

    private readonly record struct Request(Family Family, UdpEndpoint From, TimeSpan Now, int Limit);

    private readonly ref struct Refusal(KrpcError code, ReadOnlySpan<byte> text)
    {
        public static Refusal None => default;

        public KrpcError Code { get; } = code;

        public ReadOnlySpan<byte> Text { get; } = text;

        public bool IsNone => Text.IsEmpty;
    }
}
