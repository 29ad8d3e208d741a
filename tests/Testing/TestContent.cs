namespace AptP2P.Testing;

/// <summary>Bytes that look random and are the same in every run.</summary>
public static class TestContent
{
    public static byte[] Bytes(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>The true piece list of some bytes.</summary>
    public static PieceList PiecesOf(ReadOnlySpan<byte> content)
    {
        var pieces = System.Collections.Immutable.ImmutableArray.CreateBuilder<ContentHash>();
        var pieceLength = PieceList.PieceLengthFor(content.Length);
        for (var i = 0; i < PieceList.CountFor(content.Length); i++)
        {
            pieces.Add(ContentHash.Of(content[(i * pieceLength)..Math.Min(content.Length, (i + 1) * pieceLength)]));
        }

        return new PieceList(content.Length, pieces.DrainToImmutable());
    }
}
