using System.Globalization;

namespace AptP2P.Host.Catalog.Identifying;

/// <summary>By what a client tells a content from the one it has (RFC 9110, section 8.8), as header values that are made once.</summary>
internal sealed class ContentValidators(ContentHash hash, DateTimeOffset? modified)
{
    /// <summary>Strong: a hash names the bytes. Only for those that were verified.</summary>
    public string ETag { get; } = $"\"{hash}\"";

    /// <summary>When it was last modified, if that is known.</summary>
    public DateTimeOffset? Modified => modified;

    /// <summary>The same as a header value.</summary>
    public string? LastModified { get; } = modified?.ToString("R", CultureInfo.InvariantCulture);
}
