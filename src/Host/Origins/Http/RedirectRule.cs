using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace AptP2P.Host.Origins.Http;

/// <summary>
/// The daemon's rule for redirects (RFC 9110, 10.2.2 and 15.4). The next request has the same method, GET or HEAD, whatever the status. Its
/// address has the bytes that the answer gave: signatures are over them, and archives kept in S3 tell <c>+</c> and <c>%2b</c> apart.
/// </summary>
internal static class RedirectRule
{
    /// <summary>Redirects followed for one request; apt follows as many. More are a loop that changes its addresses.</summary>
    public const int MaxHops = 10;

    private const int MaxLocation = 8 << 10; // signed addresses have 2 KiB; stops an origin that makes us send ever longer ones

    private static readonly UriCreationOptions Exact = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Also those that are not followed (300, 305, 306, unknown ones): apt takes some of them for an address to go to.</summary>
    public static bool IsRedirect(HttpStatusCode status) =>
        status is >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest and not HttpStatusCode.NotModified;

    /// <summary>Where an answer leads.</summary>
    /// <exception cref="RedirectException">Nowhere that we would go.</exception>
    public static Uri Next(HttpResponseMessage response, Uri current)
    {
        if (!IsFollowed(response.StatusCode))
        {
            throw new RedirectException(
                StatusCodes.Status501NotImplemented,
                $"{current.Authority} answers {(int)response.StatusCode}, a redirect that is not followed");
        }

        var location = response.Headers.NonValidated.TryGetValues("Location", out var values) && values.Count == 1 ? values.ToString() : "";
        if (location.Length is 0 or > MaxLocation || Resolve(Escape(location), current) is not { } next)
        {
            throw new RedirectException(
                StatusCodes.Status501NotImplemented,
                $"{current.Authority} answers {(int)response.StatusCode} with no address that could be asked ({Shorten(location)})");
        }

        if (next.UserInfo.Length > 0)
        {
            throw new RedirectException(
                StatusCodes.Status403Forbidden,
                $"{current.Authority} redirects to an address with a user name or password in it, which is not followed");
        }

        // What was asked for over TLS must not come back over a wire that anyone can write to.
        return current.Scheme == next.Scheme || next.Scheme == Uri.UriSchemeHttps
            ? next
            : throw new RedirectException(
                StatusCodes.Status403Forbidden,
                $"{current.Authority} redirects from https to http ({next.Authority}), which is not followed");
    }

    /// <summary>The same request for another address. What the client told the one place in confidence is not for another.</summary>
    public static HttpRequestMessage Repeat(HttpRequestMessage request, Uri next)
    {
        var again = new HttpRequestMessage(request.Method, next) { Version = request.Version, VersionPolicy = request.VersionPolicy };
        var isElsewhere = !IsSamePlace(request.RequestUri!, next);
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            if (!name.Equals("Host", StringComparison.OrdinalIgnoreCase) && !(isElsewhere && IsConfidential(name)))
            {
                again.Headers.TryAddWithoutValidation(name, values);
            }
        }

        return again;
    }

    /// <summary>Whether a request carries what is between its client and its origin.</summary>
    public static bool IsPrivate(HttpRequestHeaders headers) => headers.NonValidated.Any(header => IsConfidential(header.Key));

    /// <summary>An http or https address, its path not touched.</summary>
    public static Uri? Exactly(string address)
    {
        if (!Uri.TryCreate(address, Exact, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || uri.HostNameType is not (UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6))
        {
            return null;
        }

        return uri.PathAndQuery is ['/', ..] ? uri : Exactly($"{uri.GetLeftPart(UriPartial.Authority)}/{uri.PathAndQuery}");
    }

    private static bool IsFollowed(HttpStatusCode status) =>
        status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static bool IsSamePlace(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.IdnHost == other.IdnHost && one.Port == other.Port;

    private static bool IsConfidential(string header) =>
        header.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || header.Equals("Cookie", StringComparison.OrdinalIgnoreCase);

    /// <summary>RFC 3986, 5.2, but for dot segments behind the reference's beginning, which stay.</summary>
    private static Uri? Resolve(string reference, Uri current)
    {
        var here = $"{current.Scheme}://{current.Authority}";
        var path = current.PathAndQuery.Split('?')[0];
        return reference switch
        {
            "" => null,
            ['/', '/', ..] => Exactly($"{current.Scheme}:{reference}"),
            ['/', ..] => Exactly(here + reference),
            ['?', ..] => Exactly(here + path + reference),
            _ when HasScheme(reference) => Exactly(reference),
            _ => Exactly(here + Merge(path[..(path.LastIndexOf('/') + 1)], reference)),
        };
    }

    private static bool HasScheme(string reference) => reference.AsSpan().IndexOfAny(":/?") is var end and > 0 && reference[end] == ':';

    private static string Merge(string folder, string reference)
    {
        while (true)
        {
            if (reference.StartsWith("./", StringComparison.Ordinal))
            {
                reference = reference[2..];
            }
            else if (reference.StartsWith("../", StringComparison.Ordinal))
            {
                (folder, reference) = (folder[..(folder.AsSpan(0, Math.Max(folder.Length - 1, 0)).LastIndexOf('/') + 1)], reference[3..]);
                folder = folder.Length == 0 ? "/" : folder; // above the root is the root
            }
            else
            {
                return folder + reference;
            }
        }
    }

    /// <summary>Without a fragment, and what no address may hold percent-encoded; nothing else is touched.</summary>
    private static string Escape(string location)
    {
        var text = new StringBuilder(location.Length);
        foreach (var letter in location.Trim().Split('#')[0]) // bytes: headers are read as Latin-1
        {
            if (letter is > ' ' and <= '~' and not '\\')
            {
                text.Append(letter);
            }
            else
            {
                text.Append(null, $"%{(int)letter:X2}");
            }
        }

        return text.ToString();
    }

    private static string Shorten(string location) =>
        location.Length == 0 ? "no Location" : $"Location: {(location.Length > 100 ? location[..100] + "..." : location)}";
}
