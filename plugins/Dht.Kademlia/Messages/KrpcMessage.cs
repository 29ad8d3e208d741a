using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Shared.Bencode;

namespace AptP2P.Dht.Kademlia.Messages;

/// <summary>
/// A message (<see href="https://www.bittorrent.org/beps/bep_0005.html">BEP 5</see>), taken apart but not copied: every span is a slice of
/// the datagram, and empty if the message has no such field. A query's <c>a</c> and an answer's <c>r</c> are read into the same fields,
/// since their keys do not differ.
/// </summary>
internal ref struct KrpcMessage
{
    /// <summary>A message with a longer transaction id is refused: to repeat it would only make the answer larger.</summary>
    public const int MaxTransactionLength = 32;

    /// <summary>An item has at most this many bytes, bencoded (BEP 44).</summary>
    public const int MaxItemLength = 1000;

    public KrpcKind Kind;
    public KrpcMethod Method;
    public ReadOnlySpan<byte> Transaction;

    /// <summary>Whether an <c>id</c> of the right length was there.</summary>
    public bool HasId;
    public NodeId Id;

    /// <summary>Whether a <c>target</c> or <c>info_hash</c> of the right length was there.</summary>
    public bool HasTarget;
    public NodeId Target;
    public Want Want;
    public bool ReadOnly;
    public bool ImpliedPort;
    public long? Port;
    public ReadOnlySpan<byte> Token;

    /// <summary>The requester's endpoint as the answerer saw it (BEP 42).</summary>
    public ReadOnlySpan<byte> SeenAs;

    /// <summary>Compact nodes of IPv4, and of IPv6.</summary>
    public ReadOnlySpan<byte> Nodes, Nodes6;

    /// <summary>The bencoded list of compact peers; and our addition, their claims, in the same order.</summary>
    public ReadOnlySpan<byte> Values, Claims;

    /// <summary>Our addition: the bencoded claim of an announcement.</summary>
    public ReadOnlySpan<byte> Claim;

    /// <summary>Our addition: the bencoded list of further keys announced at once.</summary>
    public ReadOnlySpan<byte> MoreKeys;

    /// <summary>An item (BEP 44), bencoded.</summary>
    public ReadOnlySpan<byte> Value;

    /// <summary>Whether there is a key <c>k</c>, which makes an item mutable.</summary>
    public bool IsMutable;

    /// <summary>Our addition: the tag of the network that the sender is of.</summary>
    public ReadOnlySpan<byte> Network;

    /// <summary>Whether the sender's <c>v</c> says that it is one of ours, and so knows what we add to the protocol.</summary>
    public bool IsOurs;

    public static bool TryParse(ReadOnlySpan<byte> datagram, out KrpcMessage message)
    {
        message = default;
        if (datagram.IsEmpty || datagram[0] != 'd' || !BencodeValidator.IsValid(datagram, BencodeLimits.Datagram))
        {
            return false;
        }

        var hasKind = false;
        var body = default(ReadOnlySpan<byte>);
        var reader = new BencodeReader(datagram);
        for (reader.Enter(); reader.Kind != BencodeKind.End;)
        {
            var key = reader.ReadString();
            var raw = reader.ReadRaw();
            switch (key)
            {
                case [(byte)'t']:
                    message.Transaction = BencodeReader.AsString(raw);
                    break;
                case [(byte)'y']:
                    hasKind = message.TrySetKind(BencodeReader.AsString(raw));
                    break;
                case [(byte)'q']:
                    message.Method = KrpcMethods.Parse(BencodeReader.AsString(raw));
                    break;
                case [(byte)'v']:
                    message.IsOurs = BencodeReader.AsString(raw).StartsWith(QueryWriter.Version[..2]);
                    break;
                case [(byte)'a' or (byte)'r'] when raw[0] == 'd':
                    body = raw;
                    break;
                case [(byte)'n']:
                    message.Network = BencodeReader.AsString(raw);
                    break;
                case [(byte)'i', (byte)'p']:
                    message.SeenAs = BencodeReader.AsString(raw);
                    break;
                case [(byte)'r', (byte)'o']:
                    message.ReadOnly = BencodeReader.AsInteger(raw) == 1;
                    break;
                default:
                    break; // BEP 5: unknown keys are ignored
            }
        }

        if (!hasKind || message.Transaction.Length is 0 or > MaxTransactionLength)
        {
            return false;
        }

        message.ReadBody(body);
        return true;
    }

    private bool TrySetKind(ReadOnlySpan<byte> y)
    {
        Kind = y.SequenceEqual("q"u8) ? KrpcKind.Query : y.SequenceEqual("r"u8) ? KrpcKind.Answer : KrpcKind.Error;
        return Kind != KrpcKind.Error || y.SequenceEqual("e"u8);
    }

    private void ReadBody(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return;
        }

        var reader = new BencodeReader(body);
        for (reader.Enter(); reader.Kind != BencodeKind.End;)
        {
            var key = reader.ReadString();
            var raw = reader.ReadRaw();
            if (key.Length <= 2)
            {
                ReadShortField(key, raw);
            }
            else
            {
                ReadLongField(key, raw);
            }
        }
    }

    private void ReadShortField(ReadOnlySpan<byte> key, ReadOnlySpan<byte> raw)
    {
        switch (key)
        {
            case [(byte)'i', (byte)'d']:
                HasId = NodeId.TryRead(BencodeReader.AsString(raw), out Id);
                break;
            case [(byte)'k']:
                IsMutable = true;
                break;
            case [(byte)'k', (byte)'s']:
                MoreKeys = ListOf(raw);
                break;
            case [(byte)'v']:
                Value = raw;
                break;
            case [(byte)'p', (byte)'l']:
                Claim = raw;
                break;
            case [(byte)'p', (byte)'v']:
                Claims = ListOf(raw);
                break;
            default:
                break;
        }
    }

    private void ReadLongField(ReadOnlySpan<byte> key, ReadOnlySpan<byte> raw)
    {
        if (key.SequenceEqual("target"u8) || key.SequenceEqual("info_hash"u8))
        {
            HasTarget = NodeId.TryRead(BencodeReader.AsString(raw), out Target);
        }
        else if (key.SequenceEqual("nodes"u8))
        {
            Nodes = BencodeReader.AsString(raw);
        }
        else if (key.SequenceEqual("nodes6"u8))
        {
            Nodes6 = BencodeReader.AsString(raw);
        }
        else if (key.SequenceEqual("token"u8))
        {
            Token = BencodeReader.AsString(raw);
        }
        else if (key.SequenceEqual("values"u8))
        {
            Values = ListOf(raw);
        }
        else if (key.SequenceEqual("want"u8))
        {
            Want = ReadWant(ListOf(raw));
        }
        else if (key.SequenceEqual("port"u8))
        {
            Port = BencodeReader.AsInteger(raw);
        }
        else if (key.SequenceEqual("implied_port"u8))
        {
            ImpliedPort = BencodeReader.AsInteger(raw) is not (null or 0);
        }
    }

    private static Want ReadWant(ReadOnlySpan<byte> list)
    {
        var want = Want.Unsaid;
        if (!list.IsEmpty)
        {
            var reader = new BencodeReader(list);
            for (reader.Enter(); reader.Kind != BencodeKind.End;)
            {
                var family = reader.StringOrSkip();
                want |= family.SequenceEqual("n4"u8) ? Want.V4 : family.SequenceEqual("n6"u8) ? Want.V6 : Want.Unsaid;
            }
        }

        return want;
    }

    private static ReadOnlySpan<byte> ListOf(ReadOnlySpan<byte> raw) => raw[0] == 'l' ? raw : default;
}
