using AptP2P.Host.Catalog.Identifying;
using AptP2P.Shared;
using Microsoft.Net.Http.Headers;

namespace AptP2P.Host.Proxy.Contents;

/// <summary>
/// What a request's conditions and range leave of a content (RFC 9110, sections 13.2.2 and 14.2), whether it is stored, fetched, or only
/// known.
/// </summary>
/// <param name="Status">200, 206, 304, 412 or 416.</param>
/// <param name="Part">What to send, with 200 and 206.</param>
internal readonly record struct Selection(int Status, ByteRange Part)
{
    /// <summary>Whether there is something to send.</summary>
    public bool HasPart => Status is StatusCodes.Status200OK or StatusCodes.Status206PartialContent;

    /// <summary>Whether the client has the file already, and asks for it only if it is another by now.</summary>
    public static bool IsForChange(IHeaderDictionary headers) => headers.IfNoneMatch.Count > 0 || headers.IfModifiedSince.Count > 0;

    public static Selection Of(HttpRequest request, long length, ContentValidators validators)
    {
        var headers = request.Headers;
        var whole = new Selection(StatusCodes.Status200OK, new ByteRange(0, length));
        var isPlain =
            headers.Range.Count == 0 && !IsForChange(headers) && headers.IfMatch.Count == 0 && headers.IfUnmodifiedSince.Count == 0;
        if (isPlain)
        {
            return whole; // nearly always
        }

        return HasFailed(headers, validators) ? new Selection(StatusCodes.Status412PreconditionFailed, default)
            : IsUnchanged(headers, validators) ? new Selection(StatusCodes.Status304NotModified, default)
            : FindRange(request, length, validators) ?? whole;
    }

    private static bool HasFailed(IHeaderDictionary headers, ContentValidators validators) =>
        headers.IfMatch.Count > 0
            ? !Matches(headers.IfMatch, tag => !tag.IsWeak && tag.Tag == validators.ETag)
            : validators.Modified is { } modified
                && HeaderUtilities.TryParseDate(headers.IfUnmodifiedSince.ToString(), out var since) && modified > since;

    private static bool IsUnchanged(IHeaderDictionary headers, ContentValidators validators) =>
        headers.IfNoneMatch.Count > 0
            ? Matches(headers.IfNoneMatch, tag => tag.Tag == validators.ETag)
            : validators.Modified is { } modified
                && HeaderUtilities.TryParseDate(headers.IfModifiedSince.ToString(), out var since) && modified <= since;

    private static bool Matches(IList<string?> tags, Func<EntityTagHeaderValue, bool> isOurs) =>
        EntityTagHeaderValue.TryParseList(tags!, out var parsed) && parsed.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || isOurs(tag));

    private static Selection? FindRange(HttpRequest request, long length, ContentValidators validators) =>
        RangeHeader.Of(request, validators.ETag, length) is not { } part ? null
        : part.Length > 0 ? new Selection(StatusCodes.Status206PartialContent, part)
        : new Selection(StatusCodes.Status416RangeNotSatisfiable, default);
}
