using System.Globalization;

namespace AptP2P.Host.Proxy;

/// <summary>What a request line asks for: a file at an origin, something of this daemon's own, or nothing that makes sense.</summary>
internal abstract record RequestTarget
{
    private RequestTarget()
    {
    }

    /// <summary>A file at an origin, with the exact bytes of its path.</summary>
    internal sealed record Upstream(string Scheme, string Host, int Port, string RawPath, bool IsProxyForm) : RequestTarget
    {
        public Origin ToOrigin(OriginReach reach) => new(Scheme, Host, Port, RawPath, reach);
    }

    /// <summary>A path under <c>/p2p/</c> or <c>/.well-known/</c>, or the status page.</summary>
    internal sealed record Own : RequestTarget;

    /// <summary>Something that cannot be served.</summary>
    internal sealed record Bad(string Reason) : RequestTarget;

    /// <summary>Reads a request target (RFC 9112, section 3.2) in prefix form or in proxy form.</summary>
    /// <param name="raw">As it stood in the request line.</param>
    /// <param name="isOwnName">Whether a host and port in a proxy-form target are this daemon's, as when <c>http_proxy</c> catches localhost too.</param>
    public static RequestTarget Parse(string raw, Func<string, int, bool> isOwnName)
    {
        if (raw.AsSpan().ContainsAnyExceptInRange('!', '~') || raw.AsSpan().ContainsAny('#', '\\'))
        {
            return new Bad("the path has bytes that must be percent-encoded");
        }

        if (raw.StartsWith('/'))
        {
            return ParsePrefix(raw);
        }

        var separator = raw.IndexOf("://", StringComparison.Ordinal);
        var scheme = separator < 0 ? "" : raw[..separator].ToLowerInvariant();
        if (scheme is not ("http" or "https"))
        {
            return new Bad("only http and https addresses are served");
        }

        var rest = raw[(separator + 3)..];
        return ParseAuthority(scheme, rest, isProxyForm: true) switch
        {
            Upstream self when isOwnName(self.Host, self.Port) => ParsePrefix(self.RawPath),
            var target => target,
        };
    }

    private static RequestTarget ParsePrefix(string raw)
    {
        var path = raw.AsSpan(1);
        if (path.StartsWith("https/", StringComparison.OrdinalIgnoreCase))
        {
            // Also apt-cacher-ng's form, HTTPS///host/path, so that a switch from it needs no new source lines.
            return ParseAuthority("https", path[6..].TrimStart('/').ToString(), isProxyForm: false);
        }

        var slash = path.IndexOf('/');
        var first = slash < 0 ? path : path[..slash];
        var isOwn = first.IsEmpty || first.SequenceEqual("p2p") || first.StartsWith(".") || first.StartsWith("?");
        if (isOwn)
        {
            return new Own();
        }

        var isHost = first.ContainsAny('.', ':') || first.SequenceEqual("localhost");
        return isHost
            ? ParseAuthority("http", path.ToString(), isProxyForm: false)
            : new Bad($"'{first}' is no archive's host name. Write the archive's address after this daemon's: http://localhost:9977/ftp.us.debian.org/debian");
    }

    private static RequestTarget ParseAuthority(string scheme, string text, bool isProxyForm)
    {
        var slash = text.IndexOfAny(['/', '?']);
        var authority = slash < 0 ? text : text[..slash];
        var path = slash < 0 ? "/" : text[slash..];
        if (authority.Contains('@', StringComparison.Ordinal))
        {
            return new Bad("user names and passwords in an address are not passed on; use apt's auth.conf");
        }

        if (!TryParseHost(authority, Origin.DefaultPort(scheme), out var host, out var port))
        {
            return new Bad($"'{authority}' is not a host name or address");
        }

        if (!path.StartsWith('/'))
        {
            path = "/" + path;
        }

        return HasForbiddenSegment(path) ? new Bad("the path has '..' or a NUL byte in it") : new Upstream(scheme, host, port, path, isProxyForm);
    }

    /// <summary>Reads a host with or without a port, as in a <c>Host</c> header or in the authority form of CONNECT.</summary>
    public static bool TryParseHost(string authority, int defaultPort, out string host, out int port)
    {
        var end = authority.LastIndexOf(']') + 1; // an IPv6 address has colons of its own
        var colon = authority.IndexOf(':', end);
        host = (colon < 0 ? authority : authority[..colon]).ToLowerInvariant();
        port = defaultPort;
        var validPort = colon < 0
            || (int.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue);
        return validPort && Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6;
    }

    private static bool HasForbiddenSegment(string path)
    {
        var query = path.IndexOf('?');
        ReadOnlySpan<char> decoded = Uri.UnescapeDataString(query < 0 ? path : path[..query]);
        foreach (var segment in decoded.Split('/'))
        {
            if (decoded[segment] is "..")
            {
                return true;
            }
        }

        return decoded.Contains('\0');
    }
}
