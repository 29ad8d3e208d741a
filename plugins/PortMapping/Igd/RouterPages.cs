using System.Net;

namespace AptP2P.Ports.Igd;

/// <summary>Addresses of pages that a router names.</summary>
internal static class RouterPages
{
    private const int MaxLength = 1024;

    /// <summary>
    /// The address, if it is the router's own: by its number, since a name could lead anywhere, and without a password.
    /// </summary>
    public static Uri? Find(string text, Uri? relativeTo, IPAddress router) =>
        text.Length is > 0 and <= MaxLength
        && (relativeTo is null ? Uri.TryCreate(text, UriKind.Absolute, out var found) : Uri.TryCreate(relativeTo, text, out found))
        && found.Scheme == Uri.UriSchemeHttp
        && found.UserInfo.Length == 0
        && found.HostNameType is UriHostNameType.IPv4
        && IPAddress.TryParse(found.Host, out var host)
        && host.Equals(router)
        && found.Port is > 0 and <= 65535
            ? found
            : null;
}
