using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace AptP2P.Host.Proxy;

/// <summary>
/// The lane for what has no known hash: the origin's answer, as it is. Redirects are followed here, since apt would follow them past us for
/// good.
/// </summary>
internal sealed class PassThrough(IHttpForwarder forwarder, OriginClients clients, IOptions<ProxyOptions> options)
{
    private const int MaxRedirects = 5; // more is a loop

    /// <summary>Forwards a request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="origin">Where to.</param>
    /// <param name="transform">What to change on the way; also holds what the origin said.</param>
    /// <returns>Why nothing was sent to the client, if so.</returns>
    public async Task<PassThroughFailure?> ForwardAsync(HttpContext context, Origin origin, PassThroughTransform transform)
    {
        var config = new ForwarderRequestConfig
        {
            ActivityTimeout = options.Value.ActivityTimeout,
            Version = System.Net.HttpVersion.Version11, // apt's own, and what every mirror speaks
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        for (var redirects = 0; redirects <= MaxRedirects; redirects++)
        {
            transform.Begin(origin);
            var error = await forwarder.SendAsync(context, $"{origin.Scheme}://{origin.Authority}/", clients.For(origin.Reach), config, transform);
            if (error != ForwarderError.None)
            {
                return PassThroughFailure.From(error, context.GetForwarderErrorFeature()?.Exception);
            }

            if (transform.Redirect is null)
            {
                return transform.Withheld is { } status ? new PassThroughFailure(status, $"{origin.Authority} answered {status}") : null;
            }

            if (transform.Redirect.Scheme != origin.Scheme && transform.Redirect.Scheme != "https")
            {
                return new PassThroughFailure(StatusCodes.Status502BadGateway, $"{origin.Authority} redirects from https to {transform.Redirect.Scheme}");
            }

            origin = new Origin(transform.Redirect.Scheme, transform.Redirect.Host, transform.Redirect.Port, transform.Redirect.PathAndQuery, origin.Reach);
        }

        return new PassThroughFailure(StatusCodes.Status502BadGateway, $"{origin.Authority} redirects in a circle");
    }
}
