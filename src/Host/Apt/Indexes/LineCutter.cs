using System.Runtime.CompilerServices;
using AptP2P.Host.Apt.Fields;

namespace AptP2P.Host.Apt.Indexes;

/// <summary>Cuts chunks of text into lines, wherever the chunks happen to end. A line inside one chunk is not copied.</summary>
internal struct LineCutter()
{
    private byte[] _carry = [];
    private int _carried;

    /// <summary>A line was longer than <see cref="ReadingLimits.LineLength"/>: nothing more is to be had.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>The next line without its end (LF or CR LF), valid until the next call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryCut(ref ReadOnlySpan<byte> chunk, out ReadOnlySpan<byte> line)
    {
        line = default;
        if (chunk.IsEmpty || Overflowed)
        {
            return false;
        }

        var end = chunk.IndexOf((byte)'\n');
        if (_carried + (end < 0 ? chunk.Length : end) > ReadingLimits.LineLength)
        {
            Overflowed = true;
            return false;
        }

        if (end < 0)
        {
            Keep(chunk);
            chunk = default;
            return false;
        }

        line = chunk[..end];
        if (_carried > 0)
        {
            Keep(line);
            line = _carry.AsSpan(0, _carried);
            _carried = 0;
        }

        chunk = chunk[(end + 1)..];
        line = WithoutCarriageReturn(line);
        return true;
    }

    /// <summary>What is left when the text ends without a line end.</summary>
    public bool TryCutLast(out ReadOnlySpan<byte> line)
    {
        line = WithoutCarriageReturn(_carry.AsSpan(0, _carried));
        _carried = 0;
        return line.Length > 0 && !Overflowed;
    }

    private static ReadOnlySpan<byte> WithoutCarriageReturn(ReadOnlySpan<byte> line) => line is [.., (byte)'\r'] ? line[..^1] : line;

    private void Keep(ReadOnlySpan<byte> part)
    {
        if (_carry.Length < _carried + part.Length)
        {
            Array.Resize(ref _carry, Math.Max(_carried + part.Length, Math.Max(4096, _carry.Length * 2)));
        }

        part.CopyTo(_carry.AsSpan(_carried));
        _carried += part.Length;
    }
}
