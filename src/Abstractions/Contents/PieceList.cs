using System.Collections.Immutable;

namespace AptP2P;

/// <summary>
/// The SHA-256 of each piece of a content, in order. From a peer or the DHT it is a hint of strangers: only the whole hash decides.
/// </summary>
public sealed class PieceList
{
    private const int MinPieceLength = 512 << 10;
    private const int MaxPieceLength = 4 << 20;
    private const int PiecesWanted = 1024; // a list of 32 KiB, and 128 bytes to say which of them a node has

    private readonly Lazy<ContentHash> _digest;

    /// <summary>Takes the hashes of all pieces.</summary>
    /// <exception cref="ArgumentException">There are not as many hashes as a content of this length has pieces.</exception>
    public PieceList(long length, ImmutableArray<ContentHash> pieces)
    {
        if (pieces.Length != CountFor(length))
        {
            throw new ArgumentException($"A content of {length} bytes has {CountFor(length)} pieces, not {pieces.Length}.", nameof(pieces));
        }

        (Length, Pieces, PieceLength) = (length, pieces, PieceLengthFor(length));
        _digest = new Lazy<ContentHash>(() => ContentHash.Of(ToBytes()));
    }

    /// <summary>The content's length in bytes.</summary>
    public long Length { get; }

    /// <summary>Bytes in each piece but the last.</summary>
    public int PieceLength { get; }

    /// <summary>One hash per piece.</summary>
    public ImmutableArray<ContentHash> Pieces { get; }

    /// <summary>The SHA-256 of the concatenated hashes: equal for equal lists.</summary>
    public ContentHash Digest => _digest.Value;

    /// <summary>512 KiB, doubled while there would be more than 1,024 pieces, up to 4 MiB (docs/protocol.md).</summary>
    public static int PieceLengthFor(long length)
    {
        var pieceLength = MinPieceLength;
        while (pieceLength < MaxPieceLength && length > (long)pieceLength * PiecesWanted)
        {
            pieceLength *= 2;
        }

        return pieceLength;
    }

    /// <summary>How many pieces a content has; one of up to 512 KiB is a single piece, whose hash is the content's own.</summary>
    // no sum that a stranger's length could overflow
    public static int CountFor(long length) => (int)Math.Min(int.MaxValue, (Math.Max(0, length - 1) / PieceLengthFor(length)) + 1);

    /// <summary>Reads concatenated hashes as they come from the wire.</summary>
    public static PieceList? TryRead(long length, ReadOnlySpan<byte> hashes)
    {
        if (length < 0 || hashes.Length % ContentHash.Size != 0 || hashes.Length / ContentHash.Size != CountFor(length))
        {
            return null;
        }

        var pieces = ImmutableArray.CreateBuilder<ContentHash>(hashes.Length / ContentHash.Size);
        for (; hashes.Length > 0; hashes = hashes[ContentHash.Size..])
        {
            pieces.Add(new ContentHash(hashes[..ContentHash.Size]));
        }

        return new PieceList(length, pieces.MoveToImmutable());
    }

    /// <summary>The concatenated hashes, as they go over the wire.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Pieces.Length * ContentHash.Size];
        for (var i = 0; i < Pieces.Length; i++)
        {
            Pieces[i].CopyTo(bytes.AsSpan(i * ContentHash.Size));
        }

        return bytes;
    }
}
