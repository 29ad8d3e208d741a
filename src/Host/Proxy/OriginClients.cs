using System.Net;

namespace AptP2P.Host.Proxy;

/// <summary>HTTP connections to origins for the pass-through lane: one pool for each reach, since a pooled connection is not checked again.</summary>
internal sealed class OriginClients(IOriginConnector connector) : IDisposable
{
    private readonly HttpMessageInvoker _public = Create(connector, OriginReach.Public);
    private readonly HttpMessageInvoker _local = Create(connector, OriginReach.Local);

    public HttpMessageInvoker For(OriginReach reach) => reach == OriginReach.Local ? _local : _public;

    public void Dispose()
    {
        _public.Dispose();
        _local.Dispose();
    }

    private static HttpMessageInvoker Create(IOriginConnector connector, OriginReach reach) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false, // followed by PassThrough, which checks each step
        AutomaticDecompression = DecompressionMethods.None,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        ConnectCallback = (context, token) => connector.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, reach, token),
    });
}
