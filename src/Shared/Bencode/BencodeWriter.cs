using System.Buffers.Text;

namespace AptP2P.Shared.Bencode;

/// <summary>
/// Writes bencoded values into memory of the caller, who writes keys in their order, so that the output is canonical. Where the memory
/// ends, <see cref="Overflowed"/> is set and nothing more is written.
/// </summary>
internal ref struct BencodeWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    public int Length { get; private set; }

    public bool Overflowed { get; private set; }

    public readonly int Free => _buffer.Length - Length;

    public readonly ReadOnlySpan<byte> Written => _buffer[..Length];

    /// <summary>Bytes that a string of some length takes.</summary>
    public static int StringSize(int length) => (length < 10 ? 2 : length < 100 ? 3 : length < 1000 ? 4 : 5) + length;

    public void StartDictionary() => Append("d"u8);

    public void StartList() => Append("l"u8);

    public void End() => Append("e"u8);

    public void String(scoped ReadOnlySpan<byte> value) => value.TryCopyTo(ReserveString(value.Length));

    public void Integer(long value)
    {
        Append("i"u8);
        Number(value);
        Append("e"u8);
    }

    public void Raw(scoped ReadOnlySpan<byte> bencoded) => Append(bencoded);

    public void Key(scoped ReadOnlySpan<byte> key) => String(key);

    /// <summary>Begins a string of known length and gives the memory to write it to; empty where it does not fit.</summary>
    public Span<byte> ReserveString(int length)
    {
        Number(length);
        Append(":"u8);
        return Reserve(length);
    }

    private void Number(long value)
    {
        if (Overflowed || !Utf8Formatter.TryFormat(value, _buffer[Length..], out var written))
        {
            Overflowed = true;
            return;
        }

        Length += written;
    }

    private void Append(scoped ReadOnlySpan<byte> bytes)
    {
        var destination = Reserve(bytes.Length);
        if (!Overflowed)
        {
            bytes.CopyTo(destination);
        }
    }

    private Span<byte> Reserve(int length)
    {
        if (Overflowed || length > Free)
        {
            Overflowed = true;
            return Span<byte>.Empty;
        }

        var reserved = _buffer.Slice(Length, length);
        Length += length;
        return reserved;
    }
}
