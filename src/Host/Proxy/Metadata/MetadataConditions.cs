using System.Net.Http.Headers;
using AptP2P.Host.Catalog.Metadata;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;
using EntityTagHeaderValue = Microsoft.Net.Http.Headers.EntityTagHeaderValue;

namespace AptP2P.Host.Proxy.Metadata;

/// <summary>
/// Conditional requests (RFC 9110, section 13) about files that change under their name: ours to the origin, and the client's to us.
/// </summary>
internal static class MetadataConditions
{
    /// <summary>
    /// A file that was changed within so short a time before it was sent may have been changed again within it, with the same date (RFC
    /// 9110, 8.8.2.2).
    /// </summary>
    private static readonly TimeSpan WeakDate = TimeSpan.FromSeconds(2);

    /// <summary>Asks whether what we have is what the origin has.</summary>
    public static void Ask(HttpRequestHeaders request, MetadataHeaders? known)
    {
        if (known?.ETag is { } tag)
        {
            request.TryAddWithoutValidation(HeaderNames.IfNoneMatch, tag);
        }

        if (known?.LastModified is { } date && known.Date - date > WeakDate)
        {
            request.IfModifiedSince = date;
        }
    }

    /// <summary>Whether the client has what we would send.</summary>
    public static bool IsNotModified(RequestHeaders request, MetadataHeaders known)
    {
        if (request.IfNoneMatch is { Count: > 0 } tags)
        {
            return EntityTagHeaderValue.TryParse(known.ETag, out var own)
                && tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(own, useStrongComparison: false));
        }

        return request.IfModifiedSince is { } since && known.LastModified <= since;
    }
}
