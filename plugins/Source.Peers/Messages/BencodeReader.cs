using System.Buffers.Text;

namespace AptP2P.Source.Peers.Messages;

/// <summary>Reads the canonical form of BEP 3's bencoding from the front of some bytes, and nothing that is not canonical.</summary>
internal ref struct BencodeReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    public readonly bool AtString => _rest is [>= (byte)'0' and <= (byte)'9', ..];

    /// <summary>Reads one letter: <c>d</c>, <c>e</c>.</summary>
    public bool TryReadMark(byte mark)
    {
        if (_rest.IsEmpty || _rest[0] != mark)
        {
            return false;
        }

        _rest = _rest[1..];
        return true;
    }

    public bool TryReadInteger(out long value)
    {
        value = 0;
        var rest = _rest;
        if (rest is not [(byte)'i', ..] || !TryReadNumber(rest[1..], (byte)'e', out value, out var after))
        {
            return false;
        }

        _rest = after;
        return true;
    }

    public bool TryReadString(out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!AtString || !TryReadNumber(_rest, (byte)':', out var length, out var after) || length > after.Length)
        {
            return false;
        }

        value = after[..(int)length];
        _rest = after[(int)length..];
        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> text, byte end, out long value, out ReadOnlySpan<byte> after)
    {
        after = default;
        if (!Utf8Parser.TryParse(text, out value, out var digits) || digits >= text.Length || text[digits] != end
            || value < 0 || text[0] is (byte)'+' or (byte)'-' || (text[0] == (byte)'0' && digits > 1)) // no number of ours is below zero
        {
            return false;
        }

        after = text[(digits + 1)..];
        return true;
    }
}
