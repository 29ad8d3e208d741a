using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Shared.Bencode;
using Xunit;

namespace AptP2P.Fuzz.Targets;

/// <summary>
/// Datagrams of the DHT (BEP 5, 32, 43, 44): nothing is allocated, nothing lies outside of the datagram, and what it says can be said
/// again.
/// </summary>
internal static class Krpc
{
    /// <summary>Room for the fields that are always written, below what is read at most.</summary>
    private static readonly BencodeLimits Few = BencodeLimits.Datagram with { Tokens = BencodeLimits.Datagram.Tokens - 30 };

    public static void Check(ReadOnlySpan<byte> input)
    {
        var allowance = Allowance.Begin();
        var isMessage = KrpcMessage.TryParse(input, out var message);
        allowance.End(input.Length, each: 0, fixedCost: 0);
        if (!isMessage)
        {
            return;
        }

        Assert.InRange(message.Transaction.Length, 1, KrpcMessage.MaxTransactionLength);
        CheckNodes(message.Nodes, v6: false);
        CheckNodes(message.Nodes6, v6: true);
        CheckClaim(message.Claim, message.Value);
        CheckClaims(message.Claims, message.Value);
        var canBeWritten = message.HasId && BencodeValidator.IsValid(input, Few);
        if (canBeWritten && message.Kind == KrpcKind.Query && message.Method != KrpcMethod.Unknown)
        {
            CheckQuery(message, input.Length);
        }
        else if (canBeWritten && message.Kind == KrpcKind.Answer)
        {
            CheckAnswer(message, input.Length);
        }
    }

    private static void CheckNodes(ReadOnlySpan<byte> compact, bool v6)
    {
        var size = NodeId.Size + (v6 ? UdpEndpoint.CompactSize6 : UdpEndpoint.CompactSize);
        Span<byte> written = stackalloc byte[size];
        var nodes = new CompactNodes(compact, v6);
        for (var left = compact; nodes.TryNext(out var id, out var endpoint); left = left[size..])
        {
            id.CopyTo(written);
            var length = NodeId.Size + endpoint.WriteCompact(written[NodeId.Size..]);
            // mapped IPv4 is written shorter
            Assert.True(length < size || written.SequenceEqual(left[..size]), "a node is not the one that was read");
        }
    }

    private static void CheckClaims(ReadOnlySpan<byte> claims, ReadOnlySpan<byte> item)
    {
        if (!claims.IsEmpty)
        {
            var reader = new BencodeReader(claims);
            for (reader.Enter(); reader.Kind != BencodeKind.End;)
            {
                CheckClaim(reader.ReadRaw(), item);
            }
        }
    }

    private static void CheckClaim(ReadOnlySpan<byte> bencoded, ReadOnlySpan<byte> item)
    {
        var allowance = Allowance.Begin();
        var claim = ClaimCodec.Decode(bencoded, out _);
        var list = claim?.List ?? (claim is null ? null : ClaimCodec.FromItem(item, claim));
        allowance.End(bencoded.Length + item.Length, each: 8, fixedCost: 2048);
        if (list is null)
        {
            return;
        }

        Assert.Equal((claim!.Length, claim.Digest), (list.Length, list.Digest));
        var again = ClaimCodec.Encode(list.Length, list);
        if (again.Length > 0) // else it is a content of one piece, which needs no list
        {
            Assert.Equal((claim.Length, claim.Digest), ClaimCodec.Decode(again, out _) is { } read ? (read.Length, read.Digest) : default);
        }
    }

    private static void CheckQuery(in KrpcMessage message, int length)
    {
        if (message.Method == KrpcMethod.Put && message.Value.IsEmpty)
        {
            return;
        }

        var body = new QueryBody
        {
            Method = message.Method,
            Target = message.Target,
            Want = message.Want,
            Token = message.Token,
            Port = (ushort)(message.Port ?? 0),
            Claim = message.Claim,
            MoreKeys = message.MoreKeys,
            Value = message.Value,
        };
        var buffer = new byte[length + 512];
        var written = buffer.AsSpan(0, QueryWriter.Write(buffer, 7, message.Id, message.Network, message.ReadOnly, body));
        Assert.True(KrpcMessage.TryParse(written, out var again), "a query of our own is not read");
        Assert.Equal(
            (KrpcKind.Query, message.Method, message.Id, message.ReadOnly, true),
            (again.Kind, again.Method, again.Id, again.ReadOnly, again.IsOurs));
        Assert.True(again.Network.SequenceEqual(message.Network), "a query is of another network");
        if (message.Method is KrpcMethod.FindNode or KrpcMethod.GetPeers or KrpcMethod.Get)
        {
            Assert.Equal((message.Target, message.Want), (again.Target, again.Want));
        }
        else if (message.Method == KrpcMethod.AnnouncePeer)
        {
            Assert.Equal((message.Target, body.Port), (again.Target, (ushort)again.Port!));
            Assert.True(
                again.Token.SequenceEqual(message.Token)
                    && again.Claim.SequenceEqual(message.Claim)
                    && again.MoreKeys.SequenceEqual(message.MoreKeys));
        }
        else if (message.Method == KrpcMethod.Put)
        {
            Assert.True(
                again.Token.SequenceEqual(message.Token) && again.Value.SequenceEqual(message.Value),
                "an item is not the one that was put");
        }
    }

    private static void CheckAnswer(in KrpcMessage message, int length)
    {
        var writer = new BencodeWriter(new byte[length + 512]);
        AnswerWriter.Begin(ref writer, UdpEndpoint.FromV4(0xc0000207, 9977), message.Network, message.Id);
        writer.Key("nodes"u8);
        writer.String(message.Nodes);
        writer.Key("nodes6"u8);
        writer.String(message.Nodes6);
        writer.Key("token"u8);
        writer.String(message.Token);
        if (!message.Values.IsEmpty)
        {
            writer.Key("values"u8);
            writer.Raw(message.Values);
        }

        AnswerWriter.Finish(ref writer, message.Transaction);
        Assert.True(KrpcMessage.TryParse(writer.Written, out var again), "an answer of our own is not read");
        Assert.Equal((KrpcKind.Answer, message.Id, true), (again.Kind, again.Id, again.IsOurs));
        Assert.Equal(UdpEndpoint.CompactSize, again.SeenAs.Length);
        Assert.True(
            again.Network.SequenceEqual(message.Network)
                && again.Transaction.SequenceEqual(message.Transaction)
                && again.Token.SequenceEqual(message.Token));
        Assert.True(
            again.Nodes.SequenceEqual(message.Nodes)
                && again.Nodes6.SequenceEqual(message.Nodes6)
                && again.Values.SequenceEqual(message.Values));
    }
}
