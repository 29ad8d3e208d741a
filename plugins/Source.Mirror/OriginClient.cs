using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using AptP2P.Sources;
using Microsoft.Extensions.Options;

namespace AptP2P.Source.Mirror;

/// <summary>
/// Sends requests to origins over connections that are kept. There is one pool per reach: a connection made for a client on this machine
/// must not serve one from elsewhere, who may not be let there.
/// </summary>
internal sealed class OriginClient : IDisposable
{
    private const int MaxHeaderKilobytes = 32; // against an origin that sends headers for ever

    private static readonly ProductInfoHeaderValue[] UserAgent =
    [
        new("Debian", null),
        new("APT-HTTP", "1.3"), // mirrors and their filters know this much of it
        new($"(apt-p2p/{typeof(OriginClient).Assembly.GetName().Version!.ToString(2)})"),
    ];

    private readonly MirrorOptions _options;
    private readonly IOriginConnector _connector;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _public;
    private readonly HttpMessageInvoker _local;

    public OriginClient(IOptions<MirrorOptions> options, IOriginConnector connector, TimeProvider time)
        : this(options, connector, time, null)
    {
    }

    internal OriginClient(IOptions<MirrorOptions> options, IOriginConnector connector, TimeProvider time, SslClientAuthenticationOptions? tls)
    {
        (_options, _connector, _time) = (options.Value, connector, time);
        _public = MakeInvoker(OriginReach.Public, tls);
        _local = MakeInvoker(OriginReach.Local, tls);
    }

    /// <summary>Slots to wait for before a request, so that waiting for a turn does not count as the origin's silence.</summary>
    public OriginSlots Slots => field ??= new OriginSlots(_options.ConnectionsPerOrigin);

    /// <summary>Asks for a range, or everything, and returns when the headers are there.</summary>
    public Task<HttpResponseMessage> GetAsync(Uri uri, ByteRange? range, OriginReach reach, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, uri) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        foreach (var product in UserAgent)
        {
            request.Headers.UserAgent.Add(product);
        }

        if (range is { } bytes)
        {
            request.Headers.Range = new RangeHeaderValue(bytes.Start, bytes.End - 1);
        }

        return (reach == OriginReach.Local ? _local : _public).SendAsync(request, cancellationToken);
    }

    public void Dispose()
    {
        _public.Dispose();
        _local.Dispose();
    }

    private HttpMessageInvoker MakeInvoker(OriginReach reach, SslClientAuthenticationOptions? tls)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // each hop is looked at
            AutomaticDecompression = DecompressionMethods.None, // a file's hash is over its own bytes
            ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint, reach, cancellation),
            ConnectTimeout = _options.FirstByteTimeout, // bounds the TLS handshake; connecting itself has its own limit
            MaxConnectionsPerServer = int.MaxValue, // the slots count them
            MaxResponseDrainSize = (int)_options.DrainLimit.Bytes,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            PooledConnectionIdleTimeout = _options.KeepAlive,
            ActivityHeadersPropagator = null, // no header of ours that apt would not send
            UseCookies = false,
            UseProxy = false,
        };
        if (tls is not null)
        {
            handler.SslOptions = tls;
        }

        return new HttpMessageInvoker(handler);
    }

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint endPoint, OriginReach reach, CancellationToken cancellationToken)
    {
        using var watchdog = new Watchdog(_time, cancellationToken);
        watchdog.Watch(_options.ConnectTimeout);
        try
        {
            return await _connector.ConnectAsync(endPoint.Host, endPoint.Port, reach, watchdog.Token);
        }
        catch (OperationCanceledException) when (watchdog.HasBarked)
        {
            throw new TimeoutException($"{endPoint.Host} did not take a connection in {_options.ConnectTimeout.TotalSeconds} s");
        }
    }
}
