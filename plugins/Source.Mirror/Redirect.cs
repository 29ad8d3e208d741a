using System.Net;

namespace AptP2P.Source.Mirror;

/// <summary>Where an answer sends its client (RFC 9110, 10.2.2 and 15.4).</summary>
internal static class Redirect
{
    private static readonly UriCreationOptions Exact = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public static bool IsRedirect(HttpStatusCode status) =>
        status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    /// <summary>The next address, its path's bytes as the answer wrote them, or why it is not followed.</summary>
    public static Uri? Next(HttpResponseMessage response, Uri current, out string? refusal)
    {
        var location = response.Headers.NonValidated.TryGetValues("Location", out var values) ? values.ToString() : "";
        var fragment = location.IndexOf('#', StringComparison.Ordinal);
        if (Resolve(fragment < 0 ? location : location[..fragment], current) is not { } next)
        {
            refusal = "a redirect to nowhere";
            return null;
        }

        // What was asked for over TLS must not come back over a wire that anyone can write to.
        refusal = current.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps ? $"a redirect from https to {next.Scheme}" : null;
        return refusal is null ? next : null;
    }

    /// <summary>An http or https address, its path not touched.</summary>
    public static Uri? Exactly(string address) =>
        Uri.TryCreate(address, Exact, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) ? uri : null;

    private static Uri? Resolve(string location, Uri current) => location switch
    {
        "" => null,
        _ when location.Any(letter => letter is <= ' ' or > '~') => Uri.TryCreate(current, location, out var tidied) ? Exactly(tidied.AbsoluteUri) : null,
        ['/', '/', ..] => Exactly($"{current.Scheme}:{location}"),
        ['/', ..] => Exactly($"{current.Scheme}://{current.Authority}{location}"),
        _ when location.Contains("://", StringComparison.Ordinal) => Exactly(location),
        _ => Uri.TryCreate(current, location, out var relative) ? Exactly(relative.AbsoluteUri) : null,
    };
}
