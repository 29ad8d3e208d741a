using AptP2P.Host.Origins;

namespace AptP2P.Host.Catalog;

/// <summary>Gets small files that have no known hash (InRelease) from an origin, for the catalog's own sake.</summary>
internal sealed class OriginReader : IDisposable
{
    /// <summary>For all of a file of at most 10 MB. Stops an origin that trickles from holding up the others.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private const int MaxRedirects = 5;

    private readonly MirrorList _mirrors;
    private readonly Dictionary<OriginReach, HttpClient> _clients;

    public OriginReader(IOriginConnector connector, MirrorList mirrors)
    {
        _mirrors = mirrors;
        _clients = Enum.GetValues<OriginReach>().ToDictionary(reach => reach, reach => MakeClient(connector, reach)); // connections are reused, so never across reaches
    }

    /// <summary>Asks for a file, also its mirrors as long as there is no answer that says something of the file. The body is read by the caller.</summary>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public async Task<HttpResponseMessage> GetAsync(Origin origin, CancellationToken cancellationToken)
    {
        var turns = _mirrors.InTurn(origin);
        foreach (var turn in turns.SkipLast(1))
        {
            try
            {
                var response = await AskAsync(turn, cancellationToken);
                if ((int)response.StatusCode < 500)
                {
                    return response;
                }

                response.Dispose();
            }
            catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // The next one, then.
            }

            _mirrors.WasInTrouble(turn);
        }

        return await AskAsync(turns[^1], cancellationToken);
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private async Task<HttpResponseMessage> AskAsync(Origin origin, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, origin.ToUri());
        request.Headers.CacheControl = new() { MaxAge = TimeSpan.Zero };
        return await _clients[origin.Reach].SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    private static HttpClient MakeClient(IOriginConnector connector, OriginReach reach)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = (context, cancellationToken) => connector.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, reach, cancellationToken),
            ConnectTimeout = ConnectTimeout,
            MaxAutomaticRedirections = MaxRedirects,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // addresses change
            UseProxy = false, // http_proxy may well name this daemon
            UseCookies = false,
        };
        var client = new HttpClient(handler) { Timeout = Timeout };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("apt-p2p");
        return client;
    }
}
