using AptP2P.Host.Catalog;
using AptP2P.Host.Fetching;
using Microsoft.AspNetCore.Http.Features;

namespace AptP2P.Host.Proxy;

/// <summary>
/// Serves what has no known hash: passes the origin's answer through, keeps a copy of what changes in place for when the mirror is away, and
/// lets the catalog learn from what goes by.
/// </summary>
internal sealed class PassThroughLane(
    PassThrough passThrough, ArchiveCatalog catalog, CatalogProofs proofs, CatalogRefresh refresh, MetadataCopies copies, IndexBacklog backlog, Fetcher fetcher,
    ProxyMetrics metrics, TimeProvider time)
{
    public async Task ServeAsync(HttpContext context, Origin origin, bool isPrivate)
    {
        var isMutable = catalog.IsMetadata(origin);
        var unproven = isPrivate ? null : proofs.Find(origin);
        await using var copy = isMutable && !isPrivate ? copies.Open(origin) : null;
        await using var tee = new TeeStream(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().Stream);
        IDisposable? learning = null;
        var transform = new PassThroughTransform(isMutable, withhold: status => copy is not null && status >= 500, passing: answer =>
        {
            if ((isMutable || unproven?.MayBe(answer.Content.Headers.ContentLength ?? unproven.Size) == true)
                && answer.StatusCode == System.Net.HttpStatusCode.OK && HttpMethods.IsGet(context.Request.Method))
            {
                tee.Draft = copies.Begin(origin, HeadersOf(answer), isPrivate, ArchiveCatalog.IsRelease(origin) ? MetadataCopies.MaxLength : UnprovenFile.MaxLength);
                learning = backlog.Passing(origin);
            }
        });

        try
        {
            var failure = await ForwardAsync(context, origin, mayAskOthers: !isPrivate, transform, tee);
            if (failure is null)
            {
                await LearnAsync(context.Request, origin, transform.Status!.Value, isMutable, copy, tee.Draft);
                metrics.Answered(context, new(time.GetUtcNow(), FileSender.FileName(context.Request), ServedFrom.Miss, tee.Written, tee.Written, 0));
            }
            else if (copy is not null && !context.Response.HasStarted)
            {
                await SendCopyAsync(context, copy);
            }
            else if (!context.RequestAborted.IsCancellationRequested)
            {
                await Answer.ErrorAsync(context, failure.Status, failure.Reason);
            }
        }
        finally
        {
            learning?.Dispose();
        }
    }

    private async Task<PassThroughFailure?> ForwardAsync(HttpContext context, Origin origin, bool mayAskOthers, PassThroughTransform transform, TeeStream tee)
    {
        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(tee, body));
        try
        {
            return await passThrough.ForwardAsync(context, origin, mayAskOthers, transform);
        }
        finally
        {
            context.Features.Set(body);
        }
    }

    /// <summary>Before the request ends, so that what apt asks for next on this connection is known.</summary>
    private async Task LearnAsync(HttpRequest request, Origin origin, int status, bool isMutable, MetadataCopy? copy, MetadataDraft? draft)
    {
        if (draft is not null)
        {
            // Not the request's token: apt may be gone by now, and what it got is still worth learning.
            var proven = await proofs.ProveAsync(draft, CancellationToken.None);
            if (isMutable || ArchiveCatalog.IsByHash(origin))
            {
                await catalog.KeepAsync(draft, CancellationToken.None);
            }

            if (proven is not null)
            {
                await fetcher.AdoptAsync(proven, draft.OpenBody, CancellationToken.None);
            }
        }
        else if (isMutable && status == StatusCodes.Status304NotModified)
        {
            var since = request.GetTypedHeaders().IfModifiedSince;
            var observed = refresh.Observe304(origin, since);
            if (copy?.Headers.LastModified < since)
            {
                backlog.Until(observed, origin); // what apt asks for next is named in the newer one
            }
        }
        else if (!isMutable && status == StatusCodes.Status200OK)
        {
            _ = refresh.RequestMissing(origin);
        }
    }

    private async Task SendCopyAsync(HttpContext context, MetadataCopy copy)
    {
        var response = context.Response;
        response.Clear();
        Answer.Mark(response, ServedFrom.Stale);
        response.ContentType = copy.Headers.ContentType;
        response.GetTypedHeaders().LastModified = copy.Headers.LastModified;
        response.GetTypedHeaders().Date = copy.Headers.Date;
        if (context.Request.GetTypedHeaders().IfModifiedSince is { } since && copy.Headers.LastModified <= since)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
        }
        else
        {
            response.ContentLength = copy.Length;
            if (HttpMethods.IsGet(context.Request.Method))
            {
                await copy.Body.CopyToAsync(response.Body, context.RequestAborted);
            }
        }

        metrics.Answered(context, new(time.GetUtcNow(), FileSender.FileName(context.Request), ServedFrom.Stale, response.ContentLength ?? 0, 0, 0));
    }

    private MetadataHeaders HeadersOf(HttpResponseMessage answer) => new()
    {
        Date = answer.Headers.Date ?? time.GetUtcNow(),
        LastModified = answer.Content.Headers.LastModified,
        ETag = answer.Headers.ETag?.ToString(),
        ContentType = answer.Content.Headers.ContentType?.ToString(),
    };
}
