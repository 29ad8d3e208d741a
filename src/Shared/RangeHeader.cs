using System.Globalization;

namespace AptP2P.Source.Peers.Serving;

/// <summary>A request's <c>Range</c> (RFC 9110, 14.1.2 and 14.2).</summary>
internal static class RangeHeader
{
    /// <summary>
    /// The one range that is asked for; <see langword="null"/> for everything, which several ranges and anything that is not understood get
    /// as well; an empty one when it lies behind the end.
    /// </summary>
    public static ByteRange? Read(ReadOnlySpan<char> header, long length)
    {
        header = header.Trim();
        if (!header.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var range = header["bytes=".Length..].Trim();
        var dash = range.IndexOf('-');
        if (dash < 0 || !TryRead(range[..dash], out var first) || !TryRead(range[(dash + 1)..], out var last))
        {
            return null;
        }

        return (first, last) switch
        {
            (null, null) => null,
            (null, { } suffix) => new ByteRange(Math.Max(0, length - suffix), length),
            ({ } start, { } end) when end < start => null,
            ({ } start, _) when start >= length => new ByteRange(length, length),
            ({ } start, { } end) => new ByteRange(start, Math.Min(end, length - 1) + 1),
            ({ } start, null) => new ByteRange(start, length),
        };
    }

    private static bool TryRead(ReadOnlySpan<char> digits, out long? number)
    {
        number = null;
        if (digits.IsEmpty)
        {
            return true;
        }

        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        number = value;
        return true;
    }
}
