using System.Globalization;

namespace AptP2P.Host.Apt.Paths;

/// <summary>
/// The file names in apt's lists: the URI without scheme and user, its special characters percent-encoded, then slashes as underscores
/// (URItoFileName in apt's strutl.cc).
/// </summary>
internal static class AptListName
{
    /// <summary>The scheme of an archive of which apt's list does not tell it; port 0 is then the scheme's own.</summary>
    public const string UnknownScheme = "";

    /// <summary>The path that a list came from, or nothing when the name is none of apt's.</summary>
    public static ArchivePath? TryParse(string fileName)
    {
        return Unquote(fileName.Replace('_', '/')) is { } uri && Split(UnknownScheme, uri) is { } direct
            ? OfPrefixForm(direct) ?? direct
            : null;
    }

    /// <summary>
    /// Lists that came through a proxy in prefix form on this machine (this daemon, or another such as apt-cacher-ng) belong to the host in
    /// their first segment.
    /// </summary>
    private static ArchivePath? OfPrefixForm(ArchivePath direct)
    {
        if (direct.Port == 0 || direct.Host is not ("localhost" or "127.0.0.1" or "[::1]"))
        {
            return null;
        }

        var rest = direct.Path[1..];
        foreach (var marker in (string[])["https/", "HTTPS///", "HTTPS/"])
        {
            if (rest.StartsWith(marker, StringComparison.Ordinal))
            {
                return Split("https", rest[marker.Length..]);
            }
        }

        var host = rest.AsSpan(0, Math.Max(0, rest.IndexOf('/')));
        return host.ContainsAny('.', ':') || host is "localhost" ? Split("http", rest) : null;
    }

    private static ArchivePath? Split(string scheme, string uri)
    {
        var slash = uri.IndexOf('/');
        if (slash <= 0 || ArchivePath.Decode(uri.AsSpan(slash), out _) is not { } path)
        {
            return null;
        }

        var authority = uri[..slash].ToLowerInvariant();
        var colon = authority.LastIndexOf(':');
        var hasPort = colon > authority.LastIndexOf(']');
        var host = hasPort ? authority[..colon] : authority;
        var port = scheme.Length > 0 ? Origin.DefaultPort(scheme) : 0;
        var isPort =
            !hasPort
            || (
                int.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
                && port is > 0 and <= ushort.MaxValue);
        if (host.Length == 0 || !isPort)
        {
            return null;
        }

        scheme = (scheme, port) switch { (UnknownScheme, 80) => "http", (UnknownScheme, 443) => "https", _ => scheme };
        return new ArchivePath(scheme, host, port, path);
    }

    /// <summary>Only what apt quotes: characters of the URI. The URI's own percent-encoding shows as %25xx.</summary>
    private static string? Unquote(string text)
    {
        var result = new System.Text.StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                result.Append(text[i]);
            }
            else if (i + 2 < text.Length
                && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                result.Append((char)value);
                i += 2;
            }
            else
            {
                return null;
            }
        }

        return result.ToString();
    }
}
