namespace AptP2P.Host.Catalog.Decompression;

/// <summary>Opens a file in any compression that archives use, told by its first bytes: names lie, and by-hash has none.</summary>
internal static class CompressedFile
{
    private const int LongestMagic = 6;

    /// <summary>
    /// The text of <paramref name="source"/>, which is left open. Damage shows itself as <see cref="InvalidDataException"/> while reading.
    /// </summary>
    public static async ValueTask<Stream> OpenAsync(Stream source, CancellationToken cancellationToken)
    {
        var head = new byte[LongestMagic];
        var length = await source.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        return Open(head.AsSpan(0, length), new PrefixedStream(head.AsMemory(0, length), source));
    }

    private static Stream Open(ReadOnlySpan<byte> head, Stream source) =>
        head switch
        {
            [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0] => new NativeDecoderStream(source, new LzmaDecoder()),
            // lzma: the properties that everyone uses, then the dictionary's size
            [0x5d, 0, 0, ..] => new NativeDecoderStream(source, new LzmaDecoder()),
            [0x1f, 0x8b, ..] => new NativeDecoderStream(source, new GzipDecoder()),
            [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', ..] => new NativeDecoderStream(source, new Bzip2Decoder()),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => new NativeDecoderStream(source, new ZstdDecoder()),
            [0x04, 0x22, 0x4d, 0x18, ..] => new NativeDecoderStream(source, new Lz4Decoder()),
            _ => source,
        };
}
