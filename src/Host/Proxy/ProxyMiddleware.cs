using AptP2P.Host.Catalog.Archives;
using AptP2P.Host.Catalog.Identifying;
using AptP2P.Host.Origins.Connecting;
using AptP2P.Host.Origins.Http;
using AptP2P.Host.Proxy.Connections;
using AptP2P.Host.Proxy.Metadata;
using AptP2P.Host.Proxy.Runs;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace AptP2P.Host.Proxy;

/// <summary>The story of a request.</summary>
internal sealed class ProxyMiddleware(
    RequestDelegate next, ClientRules rules, ViaMark via, OriginConnector connector, ArchiveCatalog catalog, Identification identification,
    ContentOpener opener, FileSender sender, StoredDoubt doubt, NameDoubt nameDoubt, IndexLearner indexes, MetadataLane metadata,
    FailedFetch failed, PublicArchives sightings)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // Kestrel's own Path is decoded, and its dots resolved; what goes upstream must be what apt sent.
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        using var work = context.Features.Get<ConnectionPlace>()?.Begin();
        await using var turn = context.Features.Get<ComingRequests>()?.Begin();
        if (HttpMethods.GetCanonicalizedValue(context.Request.Method) != context.Request.Method)
        {
            // Case-sensitive (RFC 9110, section 9.1), and so to Kestrel; but routes, HttpClient and HttpMethods take "head" for HEAD.
            await Answer.ErrorAsync(context, StatusCodes.Status405MethodNotAllowed, "methods are written in capitals");
            return;
        }

        switch (rules.Read(raw, context.Request.Host))
        {
            case RequestTarget.Bad bad:
                await Answer.ErrorAsync(context, bad.Status, bad.Reason);
                break;
            case RequestTarget.Upstream target:
                await ServeAsync(context, target, raw, turn);
                break;
            case RequestTarget.Own when WebPages.IsAnotherSite(context.Request):
                await Answer.ErrorAsync(context, StatusCodes.Status403Forbidden, "this is not for pages of other sites");
                break;
            case RequestTarget.Own own:
                context.Request.Path = own.Path; // what was judged is what is routed
                await next(context);
                break;
        }
    }

    private async Task ServeAsync(HttpContext context, RequestTarget.Upstream target, string raw, ComingRequest? turn)
    {
        var origin = target.ToOrigin(ClientRules.ReachOf(context.Connection.RemoteIpAddress!));
        if (await FindRefusalAsync(context, origin) is { } refusal)
        {
            await Answer.ErrorAsync(context, refusal.Status, refusal.Reason);
            return;
        }

        context.Request.Headers.Remove(HeaderNames.Upgrade); // all that is passed on is a request and its answer
        context.Features.Get<Visit>()?.Begin();

        // What needs a password is between apt and the archive: never identified, so never stored or shared.
        var isPrivate = context.Request.Headers.Authorization.Count > 0;
        if (isPrivate)
        {
            sightings.AskedWithPassword(origin);
        }

        if (!isPrivate && await SendContentAsync(context, origin, raw, turn))
        {
            return;
        }

        if (target.IsBareName && !await connector.CanResolveAsync(target.Host, context.RequestAborted)) // it only looks like one
        {
            await Answer.ErrorAsync(context, StatusCodes.Status400BadRequest, RequestTarget.ExplainPrefix(target.Host, rules.Address));
            return;
        }

        NameDoubt.Looks(context, origin);
        await metadata.ServeAsync(context, origin, isPrivate);
    }

    /// <summary>Why a request gets nothing, whatever it asks for.</summary>
    private async ValueTask<PassThroughFailure?> FindRefusalAsync(HttpContext context, Origin origin)
    {
        var request = context.Request;
        if (WebPages.IsAsking(request.Headers))
        {
            return new(StatusCodes.Status403Forbidden, WebPages.Refusal);
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            return new(StatusCodes.Status405MethodNotAllowed, "archives are only read");
        }

        if (via.IsIn(request.Headers.Via))
        {
            return new(
                StatusCodes.Status508LoopDetected,
                $"{origin.Authority} leads this daemon to itself: by way of another proxy, or since it needs a DNS that knows the "
                + "archive's own address");
        }

        var reason = rules.FindRefusal(context.Connection.RemoteIpAddress!)
            ?? await connector.FindRefusalAsync(origin.Host, origin.Reach, context.RequestAborted);
        return reason is null ? null : new(StatusCodes.Status403Forbidden, reason);
    }

    /// <returns>Whether an answer was begun. If not, the origin may still know better than its index.</returns>
    private async Task<bool> SendContentAsync(HttpContext context, Origin origin, string raw, ComingRequest? turn)
    {
        AskForTheWhole(context.Request.Headers, origin);
        if ((turn is null ? null : await turn.TakeAsync(raw, context.RequestAborted)) is not { } ahead)
        {
            return await OpenAndSendAsync(context, origin);
        }

        await using (ahead)
        {
            var selection = sender.Select(context.Request, ahead.Hash, ahead.Length);
            return await SendNothingAsync(context, ahead.Hash, ahead.Length, selection)
                || await SendAsync(context, origin, ahead, selection);
        }
    }

    private async Task<bool> OpenAndSendAsync(HttpContext context, Origin origin)
    {
        if (await identification.IdentifyAsync(origin, context.RequestAborted) is not { } content)
        {
            return false;
        }

        var selection = sender.Select(context.Request, content.Hash, content.Length);
        if (await SendNothingAsync(context, content.Hash, content.Length, selection))
        {
            return true;
        }

        // Who has the file and asks whether it is another by now does not want it fetched for that: the origin can say so without its
        // bytes.
        var mayFetch = HttpMethods.IsGet(context.Request.Method) && !Selection.IsForChange(context.Request.Headers);
        await using var opened = await opener.OpenAsync(content, mayFetch, context.RequestAborted);
        return opened is not null && await SendAsync(context, origin, opened, selection);
    }

    private async ValueTask<bool> SendNothingAsync(HttpContext context, ContentHash hash, long length, Selection selection)
    {
        if (!selection.HasPart)
        {
            await sender.SendNothingAsync(context, hash, length, selection);
        }

        return !selection.HasPart;
    }

    private async Task<bool> SendAsync(HttpContext context, Origin origin, OpenedContent opened, Selection selection)
    {
        if (opened.Stored is { } stored)
        {
            if (!await doubt.IsGoodAsync(context, origin, stored.Hash) || await nameDoubt.IsOutdatedAsync(context, origin, stored.Hash))
            {
                return await OpenAndSendAsync(context, origin); // it is gone and fetched again, or the archive has another by now
            }

            indexes.Sending(origin, opened);
            await SendStoredAsync(context, stored, selection);
            return true;
        }

        var reader = opened.Reader!;
        reader.Limit(selection.Part);
        if (await reader.WaitAsync(context.RequestAborted) is { } failure && !FailedFetch.HasBegun(failure))
        {
            var isAnswered = await failed.TryAnswerAsync(context, origin, failure);
            if (!isAnswered)
            {
                nameDoubt.Contradicts(origin);
            }

            return isAnswered;
        }

        indexes.Sending(origin, opened);
        doubt.Answering(context, reader.Content.Hash, selection.Status, isNew: true);
        await sender.SendFetchedAsync(context, reader, selection);
        return true;
    }

    private async Task SendStoredAsync(HttpContext context, IStoredContent stored, Selection selection)
    {
        var isSent = false;
        doubt.Answering(context, stored.Hash, selection.Status);
        try
        {
            isSent = await sender.SendStoredAsync(context, stored, selection);
        }
        finally
        {
            doubt.Answered(context, stored.Hash, isSent);
        }
    }

    /// <summary>
    /// A file that changes in place is always answered whole: the head of an old one and the tail of a new one make a file that never was.
    /// </summary>
    private void AskForTheWhole(IHeaderDictionary headers, Origin origin)
    {
        if ((headers.Range.Count > 0 || headers.IfModifiedSince.Count > 0) && catalog.IsPlainIndex(origin))
        {
            headers.Remove(HeaderNames.Range);
            if (!(new RequestHeaders(headers).IfModifiedSince is { } since && catalog.HasPassed(origin, since)))
            {
                headers.Remove(HeaderNames.IfModifiedSince); // what is stored is what its Release names, whenever it came
            }
        }
    }
}
