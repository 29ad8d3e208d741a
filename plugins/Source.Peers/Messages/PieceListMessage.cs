using System.Buffers.Binary;
using AptP2P.Shared.Bencode;

namespace AptP2P.Source.Peers.Messages;

/// <summary>The answer to <c>GET /p2p/pieces/&lt;hex&gt;</c> (docs/protocol.md): a bencoded dictionary.</summary>
internal static class PieceListMessage
{
    public const string Folder = "/p2p/pieces/";

    private const int Frame = 512; // keys, lengths, and a few keys that later versions may add

    /// <summary>
    /// As many as a content of a tebibyte has, and no archive has one. A buffer is made for the length that an index says, true or not.
    /// </summary>
    private const int MaxPieces = 1 << 18;

    /// <summary>The longest message for a content of some length; a longer one is not read.</summary>
    public static int MaxSize(long length) => Frame + (Math.Min(MaxPieces, PieceList.CountFor(length)) * (ContentHash.Size + 1));

    /// <param name="length">The content's.</param>
    /// <param name="pieces">All hashes, if they are known.</param>
    /// <param name="progress">How far the node is, or <see langword="null"/> when it has all.</param>
    public static byte[] Write(long length, PieceList? pieces, FetchProgress? progress)
    {
        var hashes = pieces?.ToBytes() ?? [];
        var flags = progress is null ? 0 : progress.Gets.Length + progress.Has.Length + progress.Passes.Length;
        var writer = new BencodeWriter(new byte[Frame + hashes.Length + BitField.LengthFor(flags)]);
        writer.StartDictionary();
        if (progress is not null)
        {
            writer.Key("getting"u8);
            writer.String(BitField.Of(progress.Gets.Length, piece => progress.Gets[piece]));
            writer.Key("have"u8);
            writer.String(BitField.Of(progress.Has.Length, piece => progress.Has[piece]));
        }

        writer.Key("length"u8);
        writer.Integer(length);
        if (progress is not null)
        {
            writer.Key("node"u8);
            BinaryPrimitives.WriteUInt64BigEndian(writer.ReserveString(sizeof(ulong)), progress.Node);
        }

        if (progress is { Passes: [_, ..] passes } && passes.Contains(true))
        {
            writer.Key("passing"u8);
            writer.String(BitField.Of(passes.Length, piece => passes[piece]));
        }

        writer.Key("piece length"u8);
        writer.Integer(PieceList.PieceLengthFor(length));
        if (pieces is not null)
        {
            writer.Key("pieces"u8);
            writer.String(hashes);
        }

        writer.End();
        return writer.Written.ToArray();
    }

    /// <summary>Reads what a peer says of a content. Keys that are not known are passed over if they are simple.</summary>
    /// <param name="message">The body.</param>
    /// <param name="length">The content's, from the index.</param>
    /// <param name="list">The hashes; <see langword="null"/> when the peer does not know them either.</param>
    /// <param name="progress">How far the peer is; <see langword="null"/> when it has all.</param>
    /// <returns>Whether it makes sense.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, long length, out PieceList? list, out FetchProgress? progress)
    {
        (list, progress) = (null, null);
        var fields = default(Fields);
        if (!TryReadFields(message, length, ref fields) || !fields.HasLength || !fields.HasPieceLength)
        {
            return false;
        }

        var count = PieceList.CountFor(length);
        var hasList = !fields.Pieces.IsEmpty;
        list = hasList ? PieceList.TryRead(length, fields.Pieces) : null;
        if (fields.Have.IsEmpty)
        {
            return list is not null;
        }

        var isRight = fields.Have.Length == BitField.LengthFor(count)
            && (fields.Getting.IsEmpty || fields.Getting.Length == fields.Have.Length)
            && (fields.Passing.IsEmpty || fields.Passing.Length == fields.Have.Length)
            && (fields.Node.IsEmpty || fields.Node.Length == sizeof(ulong))
            && hasList == (list is not null);
        if (!isRight)
        {
            list = null;
            return false;
        }

        progress = new FetchProgress(
            fields.Node.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64BigEndian(fields.Node),
            BitField.ToFlags(fields.Have, count),
            fields.Getting.IsEmpty ? [.. new bool[count]] : BitField.ToFlags(fields.Getting, count))
        {
            Passes = fields.Passing.IsEmpty ? [] : BitField.ToFlags(fields.Passing, count),
        };
        return true;
    }

    private static bool TryReadFields(ReadOnlySpan<byte> message, long length, ref Fields fields)
    {
        var reader = new BencodeReader(message);
        if (!BencodeValidator.IsValid(message, BencodeLimits.Answer) || reader.Kind != BencodeKind.Dictionary)
        {
            return false;
        }

        for (reader.Enter(); reader.Kind != BencodeKind.End;)
        {
            var key = reader.ReadString();
            switch (reader.Kind)
            {
                case BencodeKind.String:
                    fields.Take(key, reader.ReadString());
                    break;
                case BencodeKind.Integer:
                    fields.Take(key, reader.ReadInteger(), length);
                    break;
                default:
                    return false; // nothing nested
            }
        }

        return true;
    }

    private ref struct Fields
    {
        public ReadOnlySpan<byte> Getting, Have, Node, Passing, Pieces;
        public bool HasLength, HasPieceLength;

        public void Take(ReadOnlySpan<byte> key, ReadOnlySpan<byte> text)
        {
            Getting = key.SequenceEqual("getting"u8) ? text : Getting;
            Have = key.SequenceEqual("have"u8) ? text : Have;
            Node = key.SequenceEqual("node"u8) ? text : Node;
            Passing = key.SequenceEqual("passing"u8) ? text : Passing;
            Pieces = key.SequenceEqual("pieces"u8) ? text : Pieces;
        }

        public void Take(ReadOnlySpan<byte> key, long number, long length)
        {
            HasLength |= key.SequenceEqual("length"u8) && number == length;
            HasPieceLength |= key.SequenceEqual("piece length"u8) && number == PieceList.PieceLengthFor(length);
        }
    }
}
