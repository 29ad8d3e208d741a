using System.Net;
using AptP2P.Host.Origins.Connecting;
using AptP2P.Host.Origins.Mirrors;

namespace AptP2P.Host.Origins.Http;

/// <summary>
/// Follows redirects, for whoever asks an origin: apt would follow them past the daemon for good. Each hop is a connection by the rules for
/// the client at hand, since the handler inside connects through <see cref="OriginConnector"/>. What is known of where a file is now is
/// tried first.
/// </summary>
internal sealed class RedirectHandler(HttpMessageHandler connections, ReleaseMirrors mirrors, ViaMark via) : DelegatingHandler(connections)
{
    /// <summary>An option of a request: where an earlier answer for the same file came from.</summary>
    public static readonly HttpRequestOptionsKey<Uri> Resolved = new("AptP2P.Resolved");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation("Via", via.Entry); // behind those of the daemons that it has passed
        if (RedirectRule.IsPrivate(request.Headers))
        {
            return await FollowAsync(request, cancellationToken); // neither led elsewhere by others' answers, nor others by its own
        }

        var first = request.RequestUri!;
        var isResolved = request.Options.TryGetValue(Resolved, out var there) && there.OriginalString != first.OriginalString;
        there = isResolved ? there : mirrors.Find(first);
        if (there is not null && await TryAsync(first, RedirectRule.Repeat(request, there), isResolved, cancellationToken) is { } known)
        {
            return known;
        }

        var response = await FollowAsync(request, cancellationToken);
        mirrors.Observe(first, response);
        return response;
    }

    /// <returns>The answer, unless the file's own address may have a better one.</returns>
    private async Task<HttpResponseMessage?> TryAsync(
        Uri first, HttpRequestMessage request, bool isResolved, CancellationToken cancellationToken)
    {
        try
        {
            var response = await FollowAsync(request, cancellationToken);
            if (!StatusMeaning.IsOver(response.StatusCode) && (isResolved || !StatusMeaning.IsTrouble(response.StatusCode)))
            {
                return response;
            }

            using (response)
            {
                if (StatusMeaning.IsOver(response.StatusCode))
                {
                    return null;
                }
            }
        }
        catch (HttpRequestException)
        {
            // What led there may lead elsewhere by now.
        }
        catch (OperationCanceledException)
        {
            mirrors.Forget(first); // it may be what hangs
            throw;
        }

        mirrors.Forget(first);
        return null;
    }

    private async Task<HttpResponseMessage> FollowAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await AskAsync(request, cancellationToken);
        if (!RedirectRule.IsRedirect(response.StatusCode))
        {
            return response;
        }

        var first = request.RequestUri!;
        List<Uri> past = [first];
        while (RedirectRule.IsRedirect(response.StatusCode))
        {
            Uri next;
            using (response) // a short body is read to its end by the connection's pool, a long one costs the connection
            {
                next = RedirectRule.Next(response, past[^1]);
            }

            if (past.Count > RedirectRule.MaxHops || past.Any(one => one.OriginalString == next.OriginalString))
            {
                throw new RedirectException(
                    StatusCodes.Status508LoopDetected,
                    $"{first.Authority} redirects in a circle, or more than {RedirectRule.MaxHops} times");
            }

            past.Add(next);
            request = RedirectRule.Repeat(request, next);
            response = await AskAsync(request, cancellationToken);
        }

        return response;
    }

    /// <summary>What follows a 101 is no HTTP, so nobody could check it; and nobody has asked for it.</summary>
    private async Task<HttpResponseMessage> AskAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.SwitchingProtocols)
        {
            return response;
        }

        response.Dispose();
        throw new HttpRequestException(
            HttpRequestError.InvalidResponse, $"{request.RequestUri!.Authority} changes to another protocol, which it was not asked for");
    }
}
