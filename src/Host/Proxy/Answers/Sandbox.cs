using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AptP2P.Host.Proxy.Answers;

/// <summary>
/// Keeps an answer from being a web page, should a browser get it after all: it runs nothing, loads nothing, belongs to no site, and is of
/// the type that it says.
/// </summary>
internal static class Sandbox
{
    private static readonly StringValues Policy = "sandbox; default-src 'none'";
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues Attachment = "attachment";

    public static void Confine(IHeaderDictionary headers)
    {
        headers[HeaderNames.ContentSecurityPolicy] = Policy;
        headers[HeaderNames.XContentTypeOptions] = NoSniff;
    }

    /// <summary>The same for an archive's bytes. A browser whose request had no marks saves them instead of showing them.</summary>
    public static void ConfineForeign(HttpResponse response)
    {
        Confine(response.Headers);
        if (response.HttpContext.Request.Headers.Accept is { Count: > 0 } accept
            && accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            response.Headers.ContentDisposition = Attachment;
        }
    }
}
