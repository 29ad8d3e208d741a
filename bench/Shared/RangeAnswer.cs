using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace AptP2P.Bench;

/// <summary>The head of an answer from a file, and which part of it was asked for (RFC 9110, section 14).</summary>
internal static class RangeAnswer
{
    public static (long Start, long End) Begin(HttpContext context, long length, string tag)
    {
        var response = context.Response;
        var range = context.Request.GetTypedHeaders().Range?.Ranges.Single();
        var (start, end) = range is null ? (0, length)
            : range.From is null ? (Math.Max(0, length - range.To!.Value), length)
            : (range.From.Value, Math.Min(length, (range.To ?? length - 1) + 1));
        if (range is not null)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {start}-{end - 1}/{length}");
        }

        response.Headers.AcceptRanges = "bytes";
        response.Headers.ETag = $"\"{tag}\"";
        response.ContentLength = end - start;
        return (start, end);
    }
}
