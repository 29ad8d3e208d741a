using AptP2P.Host.Catalog;
using AptP2P.Host.Origins;
using AptP2P.Host.Proxy.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace AptP2P.Host.Proxy;

/// <summary>The story of a request.</summary>
internal sealed class ProxyMiddleware(
    RequestDelegate next, ClientRules rules, OriginConnector connector, ArchiveCatalog catalog, CatalogRefresh refresh, Identification identification, ContentOpener opener,
    FileSender sender, StoredDoubt doubt, IndexLearner indexes, PassThroughLane passThrough)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // Kestrel's own Path is decoded, and its dots resolved; what goes upstream must be what apt sent.
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        await using var turn = context.Features.Get<ComingRequests>()?.Begin();
        switch (RequestTarget.Parse(raw, rules.IsThisNode))
        {
            case RequestTarget.Bad bad:
                await Answer.ErrorAsync(context, StatusCodes.Status400BadRequest, bad.Reason);
                break;
            case RequestTarget.Own when IsPeersPath(raw) || rules.IsOwnName(context.Request.Host.Host):
                await next(context);
                break;
            case RequestTarget.Upstream target when target.IsProxyForm || rules.IsOwnName(context.Request.Host.Host):
                await ServeAsync(context, target, raw, turn);
                break;
            default:
                await Answer.ErrorAsync(
                    context, StatusCodes.Status403Forbidden,
                    $"'{context.Request.Host.Host}' is not a name of this daemon. If it should be, list it in the configuration: [Proxy] Names={context.Request.Host.Host}");
                break;
        }
    }

    private async Task ServeAsync(HttpContext context, RequestTarget.Upstream target, string raw, ComingRequest? turn)
    {
        var client = context.Connection.RemoteIpAddress!;
        var origin = target.ToOrigin(ClientRules.ReachOf(client));
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            await Answer.ErrorAsync(context, StatusCodes.Status405MethodNotAllowed, "archives are only read");
            return;
        }

        if (rules.FindRefusal(client) is { } notAllowed)
        {
            await Answer.ErrorAsync(context, StatusCodes.Status403Forbidden, notAllowed);
            return;
        }

        if (await connector.FindRefusalAsync(origin.Host, origin.Reach, context.RequestAborted) is { } unreachable)
        {
            await Answer.ErrorAsync(context, StatusCodes.Status403Forbidden, unreachable);
            return;
        }

        // What needs a password is between apt and the archive: never identified, so never stored or shared.
        var isPrivate = context.Request.Headers.Authorization.Count > 0;
        if (isPrivate || !await SendContentAsync(context, origin, raw, turn))
        {
            await passThrough.ServeAsync(context, origin, isPrivate);
        }
    }

    /// <returns>Whether an answer was begun. If not, the origin may still know better than its index.</returns>
    private async Task<bool> SendContentAsync(HttpContext context, Origin origin, string raw, ComingRequest? turn)
    {
        var opened = turn is null ? null : await turn.TakeAsync(raw, context.RequestAborted);
        if (opened is null && await identification.IdentifyAsync(origin, context.RequestAborted) is { } content)
        {
            opened = await opener.OpenAsync(content, mayFetch: HttpMethods.IsGet(context.Request.Method), context.RequestAborted);
        }

        AskForTheWhole(context.Request.Headers, origin);
        await using (opened)
        {
            if (opened?.Stored is { } stored)
            {
                if (!await doubt.IsGoodAsync(context, origin, stored.Hash)
                    || await IsOutdatedAsync(context, origin, stored.Hash))
                {
                    return await SendContentAsync(context, origin, raw, turn: null); // it is gone and fetched again, or the archive has another by now
                }

                indexes.Sending(origin, opened);
                await SendStoredAsync(context, stored);
                return true;
            }

            if (opened?.Reader is not { } reader)
            {
                return false;
            }

            if (await reader.WaitAsync(context.RequestAborted) is { } failure && !FailedFetch.HasBegun(failure))
            {
                return await FailedFetch.TryAnswerAsync(context, failure);
            }

            indexes.Sending(origin, opened);
            await sender.SendFetchedAsync(context, reader);
            return true;
        }
    }

    /// <summary>Whether the file has become another one under its name. Looked at when a client did not like what it got: it may have updated elsewhere.</summary>
    private async ValueTask<bool> IsOutdatedAsync(HttpContext context, Origin origin, ContentHash stored) =>
        doubt.IsAskedAgain(context, stored) && refresh.Doubt(origin) is { } looking
            && (await identification.IdentifyAfterAsync(looking, origin, context.RequestAborted))?.Hash != stored;

    private async Task SendStoredAsync(HttpContext context, IStoredContent stored)
    {
        var isSent = false;
        try
        {
            isSent = await sender.SendStoredAsync(context, stored);
        }
        finally
        {
            doubt.Answered(context, stored.Hash, isSent);
        }
    }

    /// <summary>A file that changes in place is always answered whole: the head of an old one and the tail of a new one make a file that never was.</summary>
    private void AskForTheWhole(IHeaderDictionary headers, Origin origin)
    {
        if ((headers.Range.Count > 0 || headers.IfModifiedSince.Count > 0) && catalog.IsPlainIndex(origin))
        {
            headers.Remove(HeaderNames.Range);
            headers.Remove(HeaderNames.IfModifiedSince); // what is stored is what its Release names, whenever it came
        }
    }

    private static bool IsPeersPath(string raw) => raw.StartsWith("/.well-known/", StringComparison.Ordinal);
}
