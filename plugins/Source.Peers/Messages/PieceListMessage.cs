using System.Globalization;
using System.Text;

namespace AptP2P.Source.Peers.Messages;

/// <summary>The answer to <c>GET /p2p/pieces/&lt;hex&gt;</c> (docs/protocol.md): a bencoded dictionary.</summary>
internal static class PieceListMessage
{
    public const string Folder = "/p2p/pieces/";

    private const int Frame = 512; // keys, lengths, and a few keys that later versions may add

    /// <summary>The longest message for a content of some length; a longer one is not read.</summary>
    public static int MaxSize(long length) => Frame + (PieceList.CountFor(length) * (ContentHash.Size + 1));

    /// <param name="pieces">All hashes.</param>
    /// <param name="have">Which pieces can be had by now, or <see langword="null"/> for all.</param>
    public static byte[] Write(PieceList pieces, Func<int, bool>? have)
    {
        using var message = new MemoryStream();
        message.Write("d"u8);
        if (have is not null)
        {
            WriteString(message, "have"u8);
            WriteString(message, BitField.Of(pieces.Pieces.Length, have));
        }

        WriteString(message, "length"u8);
        WriteInteger(message, pieces.Length);
        WriteString(message, "piece length"u8);
        WriteInteger(message, pieces.PieceLength);
        WriteString(message, "pieces"u8);
        WriteString(message, pieces.ToBytes());
        message.Write("e"u8);
        return message.ToArray();
    }

    /// <summary>The list, if this is one for a content of that length. Keys that are not known are passed over if they are simple.</summary>
    /// <param name="message">The body.</param>
    /// <param name="length">The content's, from the index.</param>
    /// <param name="have">A bit for each piece that is there; empty when all are.</param>
    public static PieceList? TryRead(ReadOnlySpan<byte> message, long length, out ReadOnlySpan<byte> have)
    {
        have = default;
        var reader = new BencodeReader(message);
        ReadOnlySpan<byte> last = default;
        PieceList? list = null;
        bool hasLength = false, hasPieceLength = false;
        if (!reader.TryReadMark((byte)'d'))
        {
            return null;
        }

        while (!reader.TryReadMark((byte)'e'))
        {
            if (!reader.TryReadString(out var key) || key.SequenceCompareTo(last) <= 0) // sorted, each once; no key is empty
            {
                return null;
            }

            last = key;
            if (reader.AtString)
            {
                if (!reader.TryReadString(out var text))
                {
                    return null;
                }

                list = key.SequenceEqual("pieces"u8) ? PieceList.TryRead(length, text) : list;
                have = key.SequenceEqual("have"u8) ? text : have;
            }
            else if (!reader.TryReadInteger(out var number))
            {
                return null;
            }
            else
            {
                hasLength |= key.SequenceEqual("length"u8) && number == length;
                hasPieceLength |= key.SequenceEqual("piece length"u8) && number == PieceList.PieceLengthFor(length);
            }
        }

        var isRight = have.IsEmpty || have.Length == BitField.LengthFor(PieceList.CountFor(length));
        return reader.AtEnd && hasLength && hasPieceLength && isRight ? list : null;
    }

    private static void WriteInteger(MemoryStream message, long value) =>
        message.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"i{value}e")));

    private static void WriteString(MemoryStream message, ReadOnlySpan<byte> value)
    {
        message.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{value.Length}:")));
        message.Write(value);
    }
}
