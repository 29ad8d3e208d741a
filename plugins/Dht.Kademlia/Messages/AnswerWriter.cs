using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Shared.Bencode;

namespace AptP2P.Dht.Kademlia.Messages;

/// <summary>
/// Writes answers and errors (<see href="https://www.bittorrent.org/beps/bep_0005.html">BEP 5</see>). The caller writes the fields of
/// <c>r</c> between <see cref="Begin"/> and <see cref="Finish"/>.
/// </summary>
internal static class AnswerWriter
{
    /// <summary>Bytes that <see cref="Finish"/> writes: the end of <c>r</c>, then <c>t</c>, <c>v</c>, <c>y</c> and the end.</summary>
    public static int TrailerSize(int transactionLength) => 1 + 3 + BencodeWriter.StringSize(transactionLength) + 9 + 6 + 1;

    /// <summary>Begins an answer: the requester's own endpoint (<c>ip</c>, BEP 42), our <c>n</c>, and who answers.</summary>
    public static void Begin(ref BencodeWriter writer, UdpEndpoint requester, ReadOnlySpan<byte> network, NodeId self)
    {
        writer.StartDictionary();
        WriteSeenAs(ref writer, requester);
        QueryWriter.WriteNetwork(ref writer, network);
        writer.Key("r"u8);
        writer.StartDictionary();
        writer.Key("id"u8);
        writer.Id(self);
    }

    /// <param name="writer">Where <see cref="Begin"/> began.</param>
    /// <param name="transaction">The query's.</param>
    /// <param name="readOnly">Whether we answer nothing else to the requester: our addition, what a query says by BEP 43.</param>
    public static void Finish(ref BencodeWriter writer, ReadOnlySpan<byte> transaction, bool readOnly = false)
    {
        writer.End();
        if (readOnly)
        {
            writer.Key("ro"u8);
            writer.Integer(1);
        }

        WriteTrailer(ref writer, transaction, "r"u8);
    }

    public static void Error(
        ref BencodeWriter writer, UdpEndpoint requester, ReadOnlySpan<byte> network, KrpcError code, scoped ReadOnlySpan<byte> text,
        ReadOnlySpan<byte> transaction)
    {
        writer.StartDictionary();
        writer.Key("e"u8);
        writer.StartList();
        writer.Integer((int)code);
        writer.String(text);
        writer.End();
        WriteSeenAs(ref writer, requester);
        QueryWriter.WriteNetwork(ref writer, network);
        WriteTrailer(ref writer, transaction, "e"u8);
    }

    private static void WriteSeenAs(ref BencodeWriter writer, UdpEndpoint requester)
    {
        writer.Key("ip"u8);
        writer.Endpoint(requester);
    }

    private static void WriteTrailer(ref BencodeWriter writer, ReadOnlySpan<byte> transaction, ReadOnlySpan<byte> kind)
    {
        writer.Key("t"u8);
        writer.String(transaction);
        writer.Key("v"u8);
        writer.String(QueryWriter.Version);
        writer.Key("y"u8);
        writer.String(kind);
        writer.End();
    }
}
