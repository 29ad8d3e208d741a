using System.Diagnostics;
using AptP2P.Host.Catalog.Archives;
using AptP2P.Host.Origins.Connecting;
using AptP2P.Host.Origins.Http;
using AptP2P.Host.Proxy.Accounting;
using AptP2P.Host.Proxy.Answers;
using AptP2P.Host.Proxy.Connections;
using AptP2P.Host.Proxy.Doubts;
using AptP2P.Host.Proxy.Metadata;
using AptP2P.Host.Proxy.ReadAhead;
using AptP2P.Host.Proxy.Requests;
using AptP2P.Host.Telemetry;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace AptP2P.Host.Proxy;

/// <summary>
/// The story of a request: what it asks for, whether it may have that, and which lane serves it. What has a known hash is a content; all
/// else is passed through, and of metadata a copy is kept.
/// </summary>
internal sealed class ProxyMiddleware(
    RequestDelegate next, ClientRules rules, ViaMark via, OriginConnector connector, ContentLane contents, MetadataLane metadata,
    PublicArchives archives, AnswerMetrics metrics, RefusalMetrics refusals)
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
            await RefuseAsync(context, "method", new(StatusCodes.Status405MethodNotAllowed, "methods are written in capitals"));
            return;
        }

        switch (rules.Read(raw, context.Request.Host))
        {
            case RequestTarget.Bad bad:
                await RefuseAsync(context, "target", new(bad.Status, bad.Reason));
                break;
            case RequestTarget.Upstream target:
                using (var span = Tracing.Source.StartActivity("request", ActivityKind.Server))
                {
                    await ServeAsync(context, target, raw, turn);
                    span?.SetTag("http.request.method", context.Request.Method)
                        .SetTag("http.response.status_code", context.Response.StatusCode)
                        .SetTag("aptp2p.file", ServedAnswer.FileName(context.Request));
                }

                break;
            case RequestTarget.Own when WebPages.IsAnotherSite(context.Request):
                await RefuseAsync(context, "other_site", new(StatusCodes.Status403Forbidden, "this is not for pages of other sites"));
                break;
            case RequestTarget.Own own:
                context.Request.Path = own.Path; // what was judged is what is routed
                await next(context);
                break;
        }
    }

    private async Task ServeAsync(HttpContext context, RequestTarget.Upstream target, string raw, ComingRequest? turn)
    {
        metrics.Begins(context);
        var origin = target.ToOrigin(ClientRules.ReachOf(context.Connection.RemoteIpAddress!));
        if (await FindRefusalAsync(context, origin) is var (why, refusal))
        {
            await RefuseAsync(context, why, refusal);
            return;
        }

        context.Request.Headers.Remove(HeaderNames.Upgrade); // all that is passed on is a request and its answer
        context.Features.Get<Visit>()?.Begin(origin);

        // What needs a password is between apt and the archive: never identified, so never stored or shared.
        var isPrivate = context.Request.Headers.Authorization.Count > 0;
        if (isPrivate)
        {
            archives.AskedWithPassword(origin);
        }

        if (!isPrivate && await contents.ServeAsync(context, origin, raw, turn))
        {
            return;
        }

        if (target.IsBareName && !await connector.CanResolveAsync(target.Host, context.RequestAborted)) // it only looks like one
        {
            var reason = RequestTarget.ExplainPrefix(target.Host, rules.Address);
            await new ErrorAnswer(StatusCodes.Status400BadRequest, reason).SendAsync(context);
            return;
        }

        NameDoubt.Looks(context, origin);
        await metadata.ServeAsync(context, origin, isPrivate);
    }

    private Task RefuseAsync(HttpContext context, string why, ErrorAnswer answer)
    {
        refusals.Refused(why);
        return answer.SendAsync(context);
    }

    /// <summary>Why a request gets nothing, whatever it asks for: in a word for the metrics, and as the client is told.</summary>
    private async ValueTask<(string Why, ErrorAnswer Answer)?> FindRefusalAsync(HttpContext context, Origin origin)
    {
        var request = context.Request;
        if (WebPages.IsAsking(request.Headers))
        {
            return ("browser", new(StatusCodes.Status403Forbidden, WebPages.Refusal));
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            return ("method", new(StatusCodes.Status405MethodNotAllowed, "archives are only read"));
        }

        if (via.IsIn(request.Headers.Via))
        {
            return ("loop", new(
                StatusCodes.Status508LoopDetected,
                $"{origin.Authority} leads this daemon to itself: by way of another proxy, or since it needs a DNS that knows the "
                + "archive's own address"));
        }

        if (rules.FindRefusal(context.Connection.RemoteIpAddress!) is { } ofClient)
        {
            return ("client", new(StatusCodes.Status403Forbidden, ofClient));
        }

        var ofOrigin = await connector.FindRefusalAsync(origin.Host, origin.Reach, context.RequestAborted);
        return ofOrigin is null ? null : ("origin", new(StatusCodes.Status403Forbidden, ofOrigin));
    }
}
