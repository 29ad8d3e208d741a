using System.Collections.Frozen;
using System.Net.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace AptP2P.Host.Proxy.PassThrough;

/// <summary>Which headers pass between a client and an origin.</summary>
internal static class PassedHeaders
{
    /// <summary>
    /// What says something of a file. All else (cookies, CORS, workers, reports, whatever browsers learn next) is for a site, and an
    /// archive is none here.
    /// </summary>
    private static readonly FrozenSet<string> Down = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, HeaderNames.AcceptRanges, HeaderNames.Age, HeaderNames.CacheControl, HeaderNames.ContentEncoding,
        HeaderNames.ContentLanguage, HeaderNames.ContentLength, HeaderNames.ContentMD5, HeaderNames.ContentRange, HeaderNames.ContentType,
        HeaderNames.Date, HeaderNames.ETag, HeaderNames.Expires, HeaderNames.LastModified, HeaderNames.Pragma, HeaderNames.RetryAfter,
        HeaderNames.Server, HeaderNames.TransferEncoding, HeaderNames.Vary, HeaderNames.Warning, HeaderNames.WWWAuthenticate,
        "Content-Digest", "Digest", "Repr-Digest");

    /// <summary>What browsers say of their user. Other headers go on: an archive may want one of its own.</summary>
    private static readonly string[] NotUp =
    [
        HeaderNames.Cookie, HeaderNames.Origin, HeaderNames.Referer, HeaderNames.ProxyAuthorization, HeaderNames.Via, "DNT",
    ];

    public static void CleanRequest(HttpRequestHeaders headers)
    {
        foreach (var name in NotUp)
        {
            headers.Remove(name);
        }

        foreach (
            var name in headers
                .NonValidated.Select(header => header.Key)
                .Where(name => name.StartsWith("Sec-", StringComparison.OrdinalIgnoreCase))
                .ToArray())
        {
            headers.Remove(name);
        }
    }

    public static void CleanResponse(IHeaderDictionary headers)
    {
        foreach (var name in headers.Keys.Where(name => !Down.Contains(name)).ToArray())
        {
            headers.Remove(name);
        }
    }
}
