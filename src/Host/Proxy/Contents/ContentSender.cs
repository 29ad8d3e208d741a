using AptP2P.Host.Catalog.Identifying;
using AptP2P.Host.Fetching;
using AptP2P.Host.Proxy.Accounting;
using AptP2P.Host.Proxy.Answers;
using AptP2P.Host.Sending;

namespace AptP2P.Host.Proxy.Contents;

/// <summary>
/// Sends the part of a content that a request's conditions leave: of a stored one as fast as it can be read, of a fetched one as it
/// arrives.
/// </summary>
internal sealed partial class ContentSender(ContentTimes times, AnswerMetrics metrics, ILogger<ContentSender> logger)
{
    private const int MostAtOnce = 1 << 20; // of what a fetch brings: when it turns out wrong, no more than this follows

    /// <summary>What a request wants of a content.</summary>
    public Selection Select(HttpRequest request, ContentHash hash, long length) => Selection.Of(request, length, times.Of(hash));

    /// <summary>Answers a request that is to get nothing of a content, wherever its bytes are.</summary>
    public async Task SendNothingAsync(HttpContext context, ContentHash hash, long length, Selection selection)
    {
        var response = context.Response;
        switch (selection.Status)
        {
            case StatusCodes.Status304NotModified:
                AnswerHeaders.Mark(response, ServedFrom.Hit);
                Describe(response, times.Of(hash));
                response.StatusCode = selection.Status;
                metrics.Answered(context, ServedFrom.Hit, bytes: 0);
                break;
            case StatusCodes.Status416RangeNotSatisfiable:
                var reason = $"the range is not within the file's {length} bytes";
                await new ErrorAnswer(selection.Status, reason) { FileLength = length }.SendAsync(context);
                break;
            default:
                await new ErrorAnswer(selection.Status, "the file is not the one that the request is for").SendAsync(context);
                break;
        }
    }

    /// <returns>Whether all that was asked for was sent.</returns>
    public async Task<bool> SendStoredAsync(HttpContext context, IStoredContent content, Selection selection)
    {
        var response = context.Response;
        AnswerHeaders.Mark(response, ServedFrom.Hit);
        Describe(response, times.Of(content.Hash));
        response.Headers.AcceptRanges = "bytes";
        BeginBody(context, content.Length, selection);
        var body = new ContentBody(context, metrics.Sending(ServedFrom.Hit));
        var isHead = HttpMethods.IsHead(context.Request.Method);
        var isSent = isHead || await body.SendAsync(content, selection.Part);
        metrics.Answered(context, ServedFrom.Hit, isHead ? 0 : selection.Part.Length);
        return isSent;
    }

    /// <summary>
    /// Sends what a fetch brings. When it turns out wrong or cannot be had to its end, the body ends early, and apt starts over.
    /// </summary>
    public async Task SendFetchedAsync(HttpContext context, FetchReader reader, Selection selection)
    {
        var response = context.Response;
        var from =
            reader.Traffic.PeerBytes > 0 ? ServedFrom.Peers
            : reader.Traffic.LocalBytes > 0 ? ServedFrom.Local
            : ServedFrom.Mirror;
        AnswerHeaders.Mark(response, from);

        // Not verified yet: no tag names it, and apt must not ask for the rest of it, should it be cut, but for all of it again.
        response.Headers.AcceptRanges = "none";
        response.Headers.LastModified = times.Of(reader.Content.Hash).LastModified ?? reader.LastModified?.ToString("R");
        BeginBody(context, reader.Content.Length, selection);
        var body = new ContentBody(context, metrics.Sending(from));
        using var release = reader.Released.UnsafeRegister(static context => ((HttpContext)context!).Abort(), context);
        FetchFailure? failure;
        while (
            (failure = await reader.WaitAsync(context.RequestAborted)) is null
            && !reader.IsAtEnd
            && await body.SendAsync(reader.Bytes, reader.Take(MostAtOnce))
        ) { }

        if (!response.HasStarted)
        {
            await response.Body.FlushAsync(context.RequestAborted); // the head is due even if the body has ended before its first byte
        }

        var sent = reader.Position - selection.Part.Start;
        metrics.Answered(context, from, sent, reader.Traffic.OriginBytes, reader.Traffic.PeerBytes, reader.Givers);
        if (failure is not null)
        {
            LogEndedEarly(
                reader.Content.Origins.FirstOrDefault()?.Authority, ServedAnswer.FileName(context.Request), reader.Position,
                reader.Content.Length, failure.Reason);
        }
    }

    private static void Describe(HttpResponse response, ContentValidators validators)
    {
        response.Headers.ETag = validators.ETag;
        response.Headers.LastModified = validators.LastModified;
    }

    private static void BeginBody(HttpContext context, long length, Selection selection)
    {
        var response = context.Response;
        response.StatusCode = selection.Status;
        response.ContentType = ContentType(context.Request);
        response.ContentLength = selection.Part.Length;
        if (selection.Status == StatusCodes.Status206PartialContent)
        {
            response.Headers.ContentRange = $"bytes {selection.Part.Start}-{selection.Part.End - 1}/{length}";
        }
    }

    private static string ContentType(HttpRequest request) =>
        request.Path.Value?.EndsWith(".deb", StringComparison.Ordinal) == true
            ? "application/vnd.debian.binary-package"
            : "application/octet-stream";

    [LoggerMessage(1152, LogLevel.Warning, "An answer from {Origin} ended early, {File} after {Bytes} of {Length} bytes: {Reason}")]
    private partial void LogEndedEarly(string? origin, string file, long bytes, long length, string reason);
}
