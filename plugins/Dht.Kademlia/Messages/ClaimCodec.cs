using AptP2P.Dht.Kademlia.Addressing;
using AptP2P.Shared.Bencode;

namespace AptP2P.Dht.Kademlia.Messages;

/// <summary>
/// Our <c>pl</c> (docs/protocol.md): what an announcement claims of a content's pieces. <c>l</c> is the length. The hashes of 2 to 4 pieces
/// are in <c>p</c>. Of more pieces there is the list's digest <c>d</c>, and <c>t</c> if the list is stored as an item
/// (<see href="https://www.bittorrent.org/beps/bep_0044.html">BEP 44</see>) at that target.
/// </summary>
internal static class ClaimCodec
{
    /// <summary>No archive has a file of a tebibyte; and sums of lengths must not overflow.</summary>
    public const long MaxLength = 1L << 40;

    private const int MaxInline = 4;
    private const int MaxStored = 31; // 992 bytes: an item holds 1,000
    private const int MaxSize = 192;

    /// <returns>The bencoded claim, empty for a content of one piece or without a list.</returns>
    public static byte[] Encode(long length, PieceList? pieces)
    {
        if (pieces is null || pieces.Pieces.Length < 2)
        {
            return [];
        }

        Span<byte> buffer = stackalloc byte[MaxSize];
        var writer = new BencodeWriter(buffer);
        writer.StartDictionary();
        var inline = pieces.Pieces.Length <= MaxInline;
        if (!inline)
        {
            writer.Key("d"u8);
            pieces.Digest.CopyTo(writer.ReserveString(ContentHash.Size));
        }

        writer.Key("l"u8);
        writer.Integer(length);
        if (inline)
        {
            writer.Key("p"u8);
            writer.String(pieces.ToBytes());
        }
        else if (pieces.Pieces.Length <= MaxStored)
        {
            writer.Key("t"u8);
            writer.Id(TargetOf(pieces));
        }

        writer.End();
        return writer.Written.ToArray();
    }

    /// <summary>The item that holds a list: a bencoded string of its hashes.</summary>
    public static byte[] ToItem(PieceList pieces)
    {
        var hashes = pieces.ToBytes();
        var item = new byte[BencodeWriter.StringSize(hashes.Length)];
        new BencodeWriter(item).String(hashes);
        return item;
    }

    /// <summary>Reads a list from an item of a stranger. It must be the list that was claimed.</summary>
    public static PieceList? FromItem(ReadOnlySpan<byte> item, PieceClaim claim) =>
        BencodeValidator.IsValid(item, BencodeLimits.Item)
        && PieceList.TryRead(claim.Length, BencodeReader.AsString(item)) is { } list && list.Digest == claim.Digest ? list : null;

    /// <summary>Whether a list is stored as an item: a shorter one is part of the claim, and a longer one is asked for over HTTP.</summary>
    public static bool IsStored(PieceList? pieces) => pieces?.Pieces.Length is > MaxInline and <= MaxStored;

    public static NodeId TargetOf(PieceList pieces) => NodeId.HashOf(ToItem(pieces));

    /// <summary>Reads a claim of a stranger, which has passed <see cref="BencodeValidator"/> as part of its message.</summary>
    /// <param name="bencoded">A dictionary.</param>
    /// <param name="target">Where the list is stored, if it says so.</param>
    public static PieceClaim? Decode(ReadOnlySpan<byte> bencoded, out NodeId? target)
    {
        target = null;
        if (bencoded is not [(byte)'d', ..])
        {
            return null;
        }

        long? length = null;
        ReadOnlySpan<byte> digest = default, hashes = default;
        var reader = new BencodeReader(bencoded);
        for (reader.Enter(); reader.Kind != BencodeKind.End;)
        {
            switch (reader.ReadString())
            {
                case [(byte)'l']:
                    length = reader.IntegerOrSkip();
                    break;
                case [(byte)'d']:
                    digest = reader.StringOrSkip();
                    break;
                case [(byte)'p']:
                    hashes = reader.StringOrSkip();
                    break;
                case [(byte)'t']:
                    target = NodeId.TryRead(reader.StringOrSkip(), out var id) ? id : null;
                    break;
                default:
                    reader.ReadRaw();
                    break;
            }
        }

        if (length is not (> 0 and <= MaxLength))
        {
            return null;
        }

        if (!hashes.IsEmpty && PieceList.TryRead(length.Value, hashes) is { } list)
        {
            return new PieceClaim(length.Value, list.Digest, list);
        }

        return digest.Length == ContentHash.Size ? new PieceClaim(length.Value, new ContentHash(digest), null) : null;
    }
}
