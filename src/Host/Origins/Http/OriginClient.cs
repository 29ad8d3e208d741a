using System.Net;
using System.Net.Http.Headers;
using AptP2P.Host.Daemon;
using AptP2P.Host.Origins.Mirrors;

namespace AptP2P.Host.Origins.Http;

/// <summary>See <see cref="IOriginClient"/>.</summary>
internal sealed class OriginClient(ConnectionPools pools, MirrorClock clock) : IOriginClient
{
    private static readonly ProductInfoHeaderValue[] UserAgent =
    [
        new("Debian", null),
        new("APT-HTTP", "1.3"), // mirrors and their filters know this much of it
        new($"(apt-p2p/{Product.Version})"),
    ];

    public async Task<HttpResponseMessage> SendAsync(
        Origin origin, HttpRequestMessage request, Uri? resolved, CancellationToken cancellationToken)
    {
        if (RedirectRule.Exactly(origin.ToString()) is not { } first)
        {
            throw new HttpRequestException(HttpRequestError.NameResolutionError, $"{origin.Authority} is no host that could be asked");
        }

        if (request.Headers.UserAgent.Count == 0)
        {
            foreach (var product in UserAgent)
            {
                request.Headers.UserAgent.Add(product);
            }
        }

        (request.RequestUri, request.Version, request.VersionPolicy) = (
            first, HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact);
        if (resolved is not null)
        {
            request.Options.Set(RedirectHandler.Resolved, resolved);
        }

        var answer = await pools.For(origin.Reach).SendAsync(request, cancellationToken);
        clock.Heard(origin.Authority, answer);
        return answer;
    }
}
