using System.Net;
using System.Net.Security;

namespace AptP2P.Testing.InMemory;

/// <summary>Asks origins over connections of a connector; .NET follows redirects.</summary>
public sealed class DirectClient(IOriginConnector connector, SslClientAuthenticationOptions? tls = null) : IOriginClient, IDisposable
{
    private readonly HttpMessageInvoker _public = Create(connector, OriginReach.Public, tls);
    private readonly HttpMessageInvoker _local = Create(connector, OriginReach.Local, tls);

    public async Task<HttpResponseMessage> SendAsync(
        Origin origin, HttpRequestMessage request, Uri? resolved, CancellationToken cancellationToken)
    {
        var invoker = origin.Reach == OriginReach.Local ? _local : _public;
        if (resolved is not null)
        {
            using var there = new HttpRequestMessage(request.Method, resolved);
            there.Headers.Range = request.Headers.Range;
            var response = await invoker.SendAsync(there, cancellationToken);
            if (response.StatusCode
                is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.Gone))
            {
                return response;
            }

            response.Dispose();
        }

        request.RequestUri = origin.ToUri();
        return await invoker.SendAsync(request, cancellationToken);
    }

    public void Dispose()
    {
        _public.Dispose();
        _local.Dispose();
    }

    private static HttpMessageInvoker Create(IOriginConnector connector, OriginReach reach, SslClientAuthenticationOptions? tls)
    {
        var handler = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            ConnectCallback = (context, cancellation) =>
                connector.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, reach, cancellation),
            UseCookies = false,
            UseProxy = false,
        };
        if (tls is not null)
        {
            handler.SslOptions = tls;
        }

        return new HttpMessageInvoker(handler);
    }
}
