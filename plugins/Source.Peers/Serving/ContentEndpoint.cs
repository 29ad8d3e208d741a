using System.Globalization;
using AptP2P.Shared;
using AptP2P.Source.Peers.Messages;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AptP2P.Source.Peers.Serving;

/// <summary><c>GET</c> and <c>HEAD /.well-known/ni/sha-256/&lt;hash&gt;</c>: the bytes (RFC 6920, 9110, 9530).</summary>
internal sealed class ContentEndpoint(ISharedContents contents, UploadBody body)
{
    public async Task AnswerAsync(HttpContext context)
    {
        await using var content = ContentName.TryRead(context.GetRouteValue("name") as string, out var hash)
            ? await contents.OpenAsync(hash, context.RequestAborted)
            : null;
        if (content is null)
        {
            await Answers.MissingAsync(context);
            return;
        }

        var pieces = content.IsComplete ? null : OfferedPieces.To(context.Request, content);
        pieces?.WriteTo(context.Response);
        var etag = $"\"{hash}\"";
        var range = RangeHeader.Of(context.Request, etag, content.Length);
        if (range is { Length: 0 })
        {
            context.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{content.Length}");
            await Answers.RefuseAsync(context, StatusCodes.Status416RangeNotSatisfiable, "The content ends before that.");
            return;
        }

        var bytes = range ?? new ByteRange(0, content.Length);
        if (pieces?.Cover(bytes) == false)
        {
            await Answers.BusyAsync(context, "These bytes are not here yet.");
            return;
        }

        WriteHeaders(context.Response, hash, etag, bytes, content.Length, partial: range is not null);
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await body.SendAsync(context, content, bytes);
        }
    }

    private static void WriteHeaders(HttpResponse response, ContentHash hash, string etag, ByteRange bytes, long length, bool partial)
    {
        response.ContentType = "application/octet-stream";
        response.ContentLength = bytes.Length;
        response.Headers.AcceptRanges = "bytes";
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        response.Headers.ETag = etag;
        response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(hash.ToArray())}:";
        response.Headers.XContentTypeOptions = "nosniff"; // a package is no page, whatever is in it
        if (partial)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {bytes.Start}-{bytes.End - 1}/{length}");
        }
    }
}
