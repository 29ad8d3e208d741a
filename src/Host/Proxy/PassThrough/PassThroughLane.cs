using AptP2P.Host.Catalog.Identifying;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Catalog.Metadata;
using AptP2P.Host.Catalog.Refresh;
using AptP2P.Host.Fetching;
using AptP2P.Host.Origins.Mirrors;
using AptP2P.Host.Proxy.Accounting;
using AptP2P.Host.Proxy.Answers;
using AptP2P.Host.Proxy.Indexes;
using Microsoft.AspNetCore.Http.Features;

namespace AptP2P.Host.Proxy.PassThrough;

/// <summary>
/// Serves what has no known hash: passes the origin's answer through, has a copy made of what changes in place, and lets the catalog learn
/// from what goes by.
/// </summary>
internal sealed class PassThroughLane(
    Forwarder forwarder, ArchiveCatalog catalog, UnprovenFiles unprovenFiles, CatalogRefresh refresh, MetadataCopies copies,
    MetadataKeeping keeping, OutageLog outages, IndexBacklog backlog, Fetcher fetcher, AnswerMetrics metrics, TimeProvider time)
{
    public async Task ServeAsync(HttpContext context, Origin origin, bool isPrivate)
    {
        var isMutable = catalog.IsMetadata(origin);
        var unproven = isPrivate ? null : unprovenFiles.Find(origin);
        var start = time.GetTimestamp();
        await using var tee = new TeeStream(
            context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().Stream, metrics.Sending(ServedFrom.Miss));
        IDisposable? learning = null;
        var transform = new PassThroughTransform(isMutable, passing: answer =>
        {
            if ((int)answer.StatusCode < 500)
            {
                outages.Answered(origin, time.GetElapsedTime(start));
            }

            if ((isMutable || unproven?.MayBe(answer.Content.Headers.ContentLength ?? unproven.Size) == true)
                && answer.StatusCode == System.Net.HttpStatusCode.OK && HttpMethods.IsGet(context.Request.Method))
            {
                tee.Draft = copies.Begin(
                    origin, MetadataHeaders.Of(answer, time.GetUtcNow()), isPrivate,
                    ArchiveCatalog.IsRelease(origin) ? MetadataCopies.MaxLength : UnprovenFile.MaxLength);
                learning = backlog.Passing(origin);
            }
        });

        try
        {
            var failure = await ForwardAsync(context, origin, mayAskOthers: !isPrivate, transform, tee);
            if ((failure?.Status ?? transform.Status) >= StatusCodes.Status500InternalServerError
                && !context.RequestAborted.IsCancellationRequested)
            {
                outages.ErrorGiven(origin);
            }

            if (failure is null)
            {
                await LearnAsync(origin, transform.Status!.Value, isMutable, tee.Draft);
                metrics.Answered(context, ServedFrom.Miss, tee.Written, originBytes: tee.Written);
            }
            else if (!context.RequestAborted.IsCancellationRequested)
            {
                await failure.SendAsync(context);
            }
        }
        finally
        {
            learning?.Dispose();
        }
    }

    private async Task<ErrorAnswer?> ForwardAsync(
        HttpContext context, Origin origin, bool mayAskOthers, PassThroughTransform transform, TeeStream tee)
    {
        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(tee, body));
        try
        {
            return await forwarder.ForwardAsync(context, origin, mayAskOthers, transform);
        }
        finally
        {
            context.Features.Set(body);
        }
    }

    /// <summary>Before the request ends, so that what apt asks for next on this connection is known.</summary>
    private async Task LearnAsync(Origin origin, int status, bool isMutable, MetadataDraft? draft)
    {
        if (draft is not null)
        {
            // Not the request's token: apt may be gone by now, and what it got is still worth learning.
            var proven = draft.Passed is { } passed ? await unprovenFiles.ProveAsync(passed, CancellationToken.None) : null;
            if (isMutable || ArchiveCatalog.IsByHash(origin))
            {
                if (!await keeping.TryKeepAsync(draft, CancellationToken.None))
                {
                    _ = refresh.Observe304(origin, DateTimeOffset.MaxValue); // it is asked for once more, and read when there is room
                }
            }

            if (proven is not null)
            {
                await fetcher.AdoptAsync(proven, draft.OpenBody, CancellationToken.None);
            }
        }
        else if (isMutable && status == StatusCodes.Status404NotFound)
        {
            await keeping.HasNoSignatureAsync(origin, CancellationToken.None);
        }
        else if (isMutable && status == StatusCodes.Status304NotModified)
        {
            _ = refresh.Observe304(origin, since: null);
        }
        else if (!isMutable && status == StatusCodes.Status200OK)
        {
            _ = refresh.RequestMissing(origin);
        }
    }
}
