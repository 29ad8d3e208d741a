using System.Buffers.Text;

namespace AptP2P.Host.Apt.Fields;

/// <summary>A line of a checksum list: <c>hash size name</c>, as in Release, Sources and the Index of pdiffs.</summary>
internal readonly ref struct ChecksumLine
{
    /// <summary>Hexadecimal.</summary>
    public ReadOnlySpan<byte> Digest { get; private init; }

    public long Size { get; private init; }

    public ReadOnlySpan<byte> Name { get; private init; }

    /// <summary>Reads one; what comes after the name is left alone.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out ChecksumLine result)
    {
        var digest = Word(ref line);
        var hasSize = TryParseSize(Word(ref line), out var size);
        result = new ChecksumLine { Digest = digest, Size = size, Name = Word(ref line) };
        return hasSize && !result.Name.IsEmpty;
    }

    /// <summary>The number of bytes that a text begins with, as strtoull reads it; files over 2 GiB exist.</summary>
    public static bool TryParseSize(ReadOnlySpan<byte> text, out long size) => Utf8Parser.TryParse(text, out size, out _) && size >= 0;

    private static ReadOnlySpan<byte> Word(scoped ref ReadOnlySpan<byte> line)
    {
        line = line.TrimStart(" \t"u8);
        var end = line.IndexOfAny((byte)' ', (byte)'\t');
        var word = end < 0 ? line : line[..end];
        line = line[word.Length..];
        return word;
    }
}
