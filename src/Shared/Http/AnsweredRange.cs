using System.Net;
using System.Net.Http.Headers;

namespace AptP2P.Shared.Http;

/// <summary>Which bytes of a content an answer holds (RFC 9110, 14.4, 15.3.1 and 15.3.7).</summary>
/// <param name="Start">Offset of the body's first byte.</param>
/// <param name="End">Offset behind the last, or the content's length where the answer does not say.</param>
internal readonly record struct AnsweredRange(long Start, long End)
{
    /// <summary>Reads a 200 or 206; the problem is set when it does not fit what was asked for.</summary>
    public static AnsweredRange Read(HttpResponseMessage response, ByteRange asked, long contentLength, out string? problem)
    {
        var headers = response.Content.Headers;
        if (response.StatusCode == HttpStatusCode.OK)
        {
            problem = headers.ContentLength is { } length && length != contentLength ? $"it has {length} bytes, not {contentLength}" : null;
            return new AnsweredRange(0, contentLength);
        }

        if (headers.ContentRange is not { Unit: "bytes", From: { } from, To: { } to } range)
        {
            problem = "206 without a usable Content-Range";
            return default;
        }

        problem = ProblemOf(range, from, to, headers.ContentLength, asked, contentLength);
        return new AnsweredRange(from, to + 1);
    }

    private static string? ProblemOf(
        ContentRangeHeaderValue range, long from, long to, long? bodyLength, ByteRange asked, long contentLength)
    {
        if (range.Length is { } total && total != contentLength)
        {
            return $"it has {total} bytes, not {contentLength}";
        }

        // Less than was asked for is allowed, and to begin before it; anything else is not what was asked for.
        if (from > asked.Start || to < asked.Start || to >= asked.End)
        {
            return $"asked for bytes {asked.Start}-{asked.End - 1}, got {from}-{to}";
        }

        return bodyLength is { } length && length != to - from + 1
            ? $"Content-Length {length} does not fit Content-Range {from}-{to}"
            : null;
    }
}
