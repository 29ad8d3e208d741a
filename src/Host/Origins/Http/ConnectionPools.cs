using System.Net;
using System.Net.Security;

namespace AptP2P.Host.Origins.Http;

/// <summary>
/// HTTP connections to origins, for all who ask them: one pool for each reach, since a pooled connection is not checked again.
/// </summary>
internal sealed class ConnectionPools : IDisposable
{
    private const int MaxHeaderKilobytes = 32; // against an origin that sends headers for ever

    private const int DrainLimit = 256 << 10; // of a body that is not wanted; reading it costs less than a new connection

    /// <summary>
    /// Connecting has its own limit, within this one; the rest is for TLS. Stops a server that takes a connection and does not speak.
    /// </summary>
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(28);

    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30); // most mirrors close after 5 to 60 s themselves

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5); // addresses change

    private readonly Func<OriginReach, HttpMessageInvoker> _create;
    private HttpMessageInvoker _public;
    private HttpMessageInvoker _local;

    /// <param name="connector">The way out.</param>
    /// <param name="mirrors">Where archives are.</param>
    /// <param name="via">Which of them are asked by us.</param>
    /// <param name="tls">Whom to trust; the system's authorities, if nobody says otherwise.</param>
    public ConnectionPools(IOriginConnector connector, ReleaseMirrors mirrors, ViaMark via, SslClientAuthenticationOptions? tls = null)
    {
        _create = reach => Create(connector, mirrors, via, reach, tls);
        (_public, _local) = (_create(OriginReach.Public), _create(OriginReach.Local));
    }

    /// <summary>Follows redirects; see <see cref="RedirectHandler"/>.</summary>
    public HttpMessageInvoker For(OriginReach reach) => Volatile.Read(ref reach == OriginReach.Local ? ref _local : ref _public);

    /// <summary>
    /// Asks by new connections from now on. The old ones may be in use; they are closed when they have been unused for long enough.
    /// </summary>
    public void LeaveConnections()
    {
        Volatile.Write(ref _public, _create(OriginReach.Public));
        Volatile.Write(ref _local, _create(OriginReach.Local));
    }

    public void Dispose()
    {
        _public.Dispose();
        _local.Dispose();
    }

    private static HttpMessageInvoker Create(
        IOriginConnector connector, ReleaseMirrors mirrors, ViaMark via, OriginReach reach, SslClientAuthenticationOptions? tls)
    {
        var connections = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null, // no header of ours that apt would not send
            AllowAutoRedirect = false, // each hop is looked at
            AutomaticDecompression = DecompressionMethods.None, // a file's hash is over its own bytes
            ConnectCallback = (context, token) =>
                OneConnection.ConnectAsync(context.InitialRequestMessage, () =>
                    connector.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, reach, token)),
            ConnectTimeout = HandshakeTimeout,
            MaxResponseDrainSize = DrainLimit,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            PooledConnectionIdleTimeout = KeepAlive,
            PooledConnectionLifetime = Lifetime,
            UseCookies = false,
            UseProxy = false, // http_proxy may well name this daemon
        };
        if (tls is not null)
        {
            connections.SslOptions = tls;
        }

        return new HttpMessageInvoker(new RedirectHandler(connections, mirrors, via));
    }
}
