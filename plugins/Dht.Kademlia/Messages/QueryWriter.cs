using System.Buffers.Binary;
using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Shared.Bencode;

namespace AptP2P.Dht.Kademlia.Messages;

/// <summary>
/// Writes queries: <see href="https://www.bittorrent.org/beps/bep_0005.html">BEP 5</see>,
/// <see href="https://www.bittorrent.org/beps/bep_0032.html">BEP 32</see> (<c>want</c>),
/// <see href="https://www.bittorrent.org/beps/bep_0043.html">BEP 43</see> (<c>ro</c>) and
/// <see href="https://www.bittorrent.org/beps/bep_0044.html">BEP 44</see> (items).
/// </summary>
internal static class QueryWriter
{
    /// <summary>Our <c>v</c>: two letters that name the program, and its version in two bytes (BEP 5).</summary>
    public static ReadOnlySpan<byte> Version => "AP\0\x01"u8;

    /// <param name="buffer">Where to.</param>
    /// <param name="transaction">What the answer is to repeat.</param>
    /// <param name="self">Who asks.</param>
    /// <param name="network">The <see cref="NetworkTag"/>; may be empty.</param>
    /// <param name="readOnly">Whether the sender answers nothing itself.</param>
    /// <param name="body">What is asked.</param>
    /// <returns>The length; 0 if the query does not fit into the buffer.</returns>
    public static int Write(
        Span<byte> buffer, uint transaction, NodeId self, ReadOnlySpan<byte> network, bool readOnly, in QueryBody body)
    {
        var writer = new BencodeWriter(buffer);
        writer.StartDictionary();
        writer.Key("a"u8);
        writer.StartDictionary();
        writer.Key("id"u8);
        writer.Id(self);
        WriteArguments(ref writer, body);
        writer.End();
        WriteNetwork(ref writer, network);
        writer.Key("q"u8);
        writer.String(body.Method.Name());
        if (readOnly)
        {
            writer.Key("ro"u8);
            writer.Integer(1);
        }

        Span<byte> id = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(id, transaction);
        writer.Key("t"u8);
        writer.String(id);
        writer.Key("v"u8);
        writer.String(Version);
        writer.Key("y"u8);
        writer.String("q"u8);
        writer.End();
        return writer.Overflowed ? 0 : writer.Length;
    }

    /// <summary>Our <c>n</c>: of which network the sender is, if it is of one.</summary>
    public static void WriteNetwork(ref BencodeWriter writer, ReadOnlySpan<byte> network)
    {
        if (!network.IsEmpty)
        {
            writer.Key("n"u8);
            writer.String(network);
        }
    }

    private static void WriteArguments(ref BencodeWriter writer, in QueryBody body)
    {
        switch (body.Method)
        {
            case KrpcMethod.FindNode or KrpcMethod.Get:
                writer.Key("target"u8);
                writer.Id(body.Target);
                WriteWant(ref writer, body.Want);
                break;
            case KrpcMethod.GetPeers:
                writer.Key("info_hash"u8);
                writer.Id(body.Target);
                WriteWant(ref writer, body.Want);
                break;
            case KrpcMethod.AnnouncePeer:
                WriteAnnouncement(ref writer, body);
                break;
            case KrpcMethod.Put:
                writer.Key("token"u8);
                writer.String(body.Token);
                writer.Key("v"u8);
                writer.Raw(body.Value);
                break;
            default:
                break;
        }
    }

    private static void WriteAnnouncement(ref BencodeWriter writer, in QueryBody body)
    {
        writer.Key("info_hash"u8);
        writer.Id(body.Target);
        if (!body.MoreKeys.IsEmpty)
        {
            writer.Key("ks"u8);
            writer.Raw(body.MoreKeys);
        }

        if (!body.Claim.IsEmpty)
        {
            writer.Key("pl"u8);
            writer.Raw(body.Claim);
        }

        writer.Key("port"u8);
        writer.Integer(body.Port);
        writer.Key("token"u8);
        writer.String(body.Token);
    }

    private static void WriteWant(ref BencodeWriter writer, Want want)
    {
        if (want == Want.Unsaid)
        {
            return;
        }

        writer.Key("want"u8);
        writer.StartList();
        if (want.HasFlag(Want.V4))
        {
            writer.String("n4"u8);
        }

        if (want.HasFlag(Want.V6))
        {
            writer.String("n6"u8);
        }

        writer.End();
    }
}
