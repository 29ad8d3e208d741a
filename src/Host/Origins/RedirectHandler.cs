namespace AptP2P.Host.Origins;

/// <summary>
/// Follows redirects, for whoever asks an origin: apt would follow them past the daemon for good. Each hop is a connection by the rules for the
/// client at hand, since the handler inside connects through <see cref="OriginConnector"/>.
/// </summary>
internal sealed class RedirectHandler(HttpMessageHandler connections) : DelegatingHandler(connections)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (!Redirect.IsRedirect(response.StatusCode))
        {
            return response;
        }

        var first = request.RequestUri!;
        List<Uri> past = [first];
        while (Redirect.IsRedirect(response.StatusCode))
        {
            Uri next;
            using (response) // a short body is read to its end by the connection's pool, a long one costs the connection
            {
                next = Redirect.Next(response, past[^1]);
            }

            if (past.Count > Redirect.MaxHops || past.Any(one => one.OriginalString == next.OriginalString))
            {
                throw new RedirectException(StatusCodes.Status508LoopDetected, $"{first.Authority} redirects in a circle, or more than {Redirect.MaxHops} times");
            }

            past.Add(next);
            request = Redirect.Repeat(request, next);
            response = await base.SendAsync(request, cancellationToken);
        }

        return response;
    }
}
