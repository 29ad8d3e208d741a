using System.Text;
using Microsoft.Net.Http.Headers;

namespace AptP2P.Host.Proxy.Requests;

/// <summary>
/// A web page is no client. All archives are served under this daemon's one name, so to a browser they are one site: a page from any of
/// them could read the status, and whatever else this machine may read, and send it away. So what only browsers ask is refused, and what is
/// given is no page.
/// </summary>
internal static class WebPages
{
    public const string Refusal =
        "apt-p2p is for apt, not for web browsers, since a web page could read through it what this machine may read. To get this file, "
        + "use apt, or curl -O with the same address";

    /// <summary>
    /// What browsers add to a request by themselves, pages cannot leave out, and no apt and no curl sends unasked: Fetch Metadata, and
    /// where that is not sent, as to another machine of the network, the others: Fetch (section 3.2), RFC 6265, and what comes with each
    /// page that is opened.
    /// </summary>
    private static readonly string[] Marks =
    [
        "Sec-Fetch-Site",
        "Sec-Fetch-Mode",
        "Sec-Fetch-Dest",
        "Sec-Fetch-User",
        HeaderNames.Origin,
        HeaderNames.Cookie,
        HeaderNames.UpgradeInsecureRequests,
    ];

    /// <summary>Whether a browser asks.</summary>
    public static bool IsAsking(IHeaderDictionary headers)
    {
        foreach (var mark in Marks)
        {
            if (headers.ContainsKey(mark))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether a page of another site asks for what is the daemon's own (Fetch Metadata). The status may be opened from a link, and be read
    /// by itself alone; peers' paths are for peers.
    /// </summary>
    public static bool IsAnotherSite(HttpRequest request)
    {
        var headers = request.Headers;
        var isOpened = headers["Sec-Fetch-Mode"] == "navigate" && headers["Sec-Fetch-Dest"] == "document";
        var isAnother = headers["Sec-Fetch-Site"] is { Count: > 0 } site && site != "same-origin" && site != "none" && !isOpened;
        return isAnother || (headers.Origin.Count > 0 && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method));
    }

    /// <summary>Whether a field of a head that is still bytes says that a browser asks.</summary>
    public static bool IsMark(ReadOnlySpan<byte> field)
    {
        foreach (var mark in Marks)
        {
            if (mark.Length == field.Length && Ascii.EqualsIgnoreCase(field, mark))
            {
                return true;
            }
        }

        return false;
    }
}
