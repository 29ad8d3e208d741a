using AptP2P.Host.Fetching;
using AptP2P.Host.Sending;
using Microsoft.Net.Http.Headers;

namespace AptP2P.Host.Proxy;

/// <summary>Sends contents: stored ones as fast as they can be read, fetched ones as they arrive.</summary>
internal sealed class FileSender(ProxyMetrics metrics, TimeProvider time)
{
    private const int MostAtOnce = 1 << 20; // of what a fetch brings: when it turns out wrong, no more than this follows

    /// <returns>Whether all that was asked for was sent.</returns>
    public async Task<bool> SendStoredAsync(HttpContext context, IStoredContent content)
    {
        var response = context.Response;
        Answer.Mark(response, ServedFrom.Hit);
        response.Headers.AcceptRanges = "bytes";
        response.Headers.ETag = $"\"{content.Hash}\"";
        response.ContentType = ContentType(context.Request);
        var range = FindRange(context.Request, content);
        if (range is { Start: var start } && start >= content.Length && content.Length > 0)
        {
            response.Headers.ContentRange = $"bytes */{content.Length}";
            await Answer.ErrorAsync(context, StatusCodes.Status416RangeNotSatisfiable, "the range begins after the file's end");
            return true;
        }

        var part = range ?? new ByteRange(0, content.Length);
        response.ContentLength = part.Length;
        if (range is not null)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {part.Start}-{part.End - 1}/{content.Length}";
        }

        var isSent = HttpMethods.IsHead(context.Request.Method) || await new ContentBody(context).SendAsync(content, part);
        metrics.Answered(new(time.GetUtcNow(), FileName(context.Request), ServedFrom.Hit, part.Length, 0, 0));
        return isSent;
    }

    /// <summary>Sends what a fetch brings. When it turns out wrong or cannot be had to its end, the body ends early, and apt starts over.</summary>
    public async Task SendFetchedAsync(HttpContext context, FetchReader reader)
    {
        var response = context.Response;
        var from = reader.Traffic.PeerBytes > 0 ? ServedFrom.Peers : ServedFrom.Mirror;
        Answer.Mark(response, from);
        response.ContentLength = reader.Content.Length;
        response.ContentType = ContentType(context.Request);

        // Not verified yet: apt must not ask for the rest of it, should it be cut, but for all of it again.
        response.Headers.AcceptRanges = "none";
        var body = new ContentBody(context);
        while (await reader.WaitAsync(context.RequestAborted) is null && !reader.IsAtEnd && await body.SendAsync(reader.Bytes, reader.Take(MostAtOnce)))
        {
        }

        if (!response.HasStarted)
        {
            await response.Body.FlushAsync(context.RequestAborted); // of a body that has ended before its first byte, too, the head is due
        }

        metrics.Answered(new(time.GetUtcNow(), FileName(context.Request), from, reader.Position, reader.Traffic.OriginBytes, reader.Traffic.PeerBytes));
    }

    public static string FileName(HttpRequest request) => Path.GetFileName(request.Path.Value ?? "");

    /// <summary>The one range that is asked for, if it may be answered as such (RFC 9110, sections 13.1.5 and 14.2).</summary>
    private static ByteRange? FindRange(HttpRequest request, IStoredContent content)
    {
        var hasRange = HttpMethods.IsGet(request.Method) && RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var range)
            && range.Unit == "bytes" && range.Ranges.Count == 1;
        if (!hasRange)
        {
            return null;
        }

        // apt sends the date of what it has; that may be the head of another file, so only our own tag counts.
        var ifRange = request.Headers.IfRange.ToString();
        if (ifRange.Length > 0 && ifRange != $"\"{content.Hash}\"")
        {
            return null;
        }

        var asked = RangeHeaderValue.Parse(request.Headers.Range.ToString()).Ranges.First();
        var start = asked.From ?? Math.Max(0, content.Length - asked.To!.Value);
        var end = asked.From is null ? content.Length : Math.Min(asked.To + 1 ?? content.Length, content.Length);
        return new ByteRange(start, Math.Max(start, end));
    }

    private static string ContentType(HttpRequest request) =>
        request.Path.Value?.EndsWith(".deb", StringComparison.Ordinal) == true ? "application/vnd.debian.binary-package" : "application/octet-stream";
}
