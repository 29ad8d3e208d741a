using System.Globalization;
using HttpMethods = Microsoft.AspNetCore.Http.HttpMethods; // the host has the namespace without asking for it
using HttpRequest = Microsoft.AspNetCore.Http.HttpRequest;

namespace AptP2P.Shared;

/// <summary>A request's <c>Range</c> (RFC 9110, 13.1.5, 14.1.2 and 14.2): one rule for apt and for peers.</summary>
internal static class RangeHeader
{
    /// <summary>
    /// The range that a request asks for; <see langword="null"/> for everything. It is empty when no byte of the content is in it.
    /// </summary>
    /// <param name="request">Only a GET can ask for a range.</param>
    /// <param name="etag">The content's tag.</param>
    /// <param name="length">The content's length.</param>
    /// <remarks>
    /// A date in If-Range never counts: apt sends the date of the beginning it has, which may be of another file or have been proven wrong
    /// since, and must get the whole. Our tag names verified bytes. Who sends neither (aria2, curl, wget) gets what it asks for.
    /// </remarks>
    public static ByteRange? Of(HttpRequest request, string etag, long length)
    {
        var ifRange = request.Headers.IfRange;
        return HttpMethods.IsGet(request.Method) && (ifRange.Count == 0 || ifRange == etag)
            ? Read((string?)request.Headers.Range, length)
            : null;
    }

    /// <summary>
    /// The range that a header names; <see langword="null"/> for everything. Several ranges, and what is not understood, are answered with
    /// everything too: it is a right answer, and of several ranges the cheaper one.
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
