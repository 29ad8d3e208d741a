using System.Globalization;

namespace AptP2P.Host.Proxy.Requests;

/// <summary>What a request line asks for: a file at an origin, something of this daemon's own, or nothing that makes sense.</summary>
internal abstract record RequestTarget
{
    private RequestTarget()
    {
    }

    /// <summary>A file at an origin, with the exact bytes of its path.</summary>
    internal sealed record Upstream(string Scheme, string Host, int Port, string RawPath, bool IsProxyForm) : RequestTarget
    {
        /// <summary>Whether the client believes that we are the archive, by its DNS.</summary>
        public bool IsTransparent { get; init; }

        /// <summary>
        /// Whether the host is a single word of the path: a machine of this network, or the archive's address was forgotten.
        /// </summary>
        public bool IsBareName => !IsProxyForm && !IsTransparent && !Host.AsSpan().ContainsAny('.', ':') && Host != "localhost";

        public Origin ToOrigin(OriginReach reach) => new(Scheme, Host, Port, RawPath, reach);
    }

    /// <summary>
    /// A path under <c>/p2p/</c> or <c>/.well-known/</c>, or the status page. It has no escapes and no dot segments, so that all readers
    /// agree on it.
    /// </summary>
    internal sealed record Own(string Path) : RequestTarget;

    /// <summary>Something that cannot be served.</summary>
    internal sealed record Bad(string Reason, int Status = StatusCodes.Status400BadRequest) : RequestTarget;

    /// <summary>Reads a request target (RFC 9112, section 3.2) in prefix form or in proxy form.</summary>
    /// <param name="raw">As it stood in the request line.</param>
    /// <param name="isOwnName">Whether a host and port in a proxy-form target are this daemon's, as when <c>http_proxy</c> catches
    /// localhost too.</param>
    /// <param name="address">This daemon's, for what the client is told.</param>
    public static RequestTarget Parse(string raw, Func<string, int, bool> isOwnName, string address)
    {
        if (FindBadBytes(raw) is { } bad)
        {
            return bad;
        }

        if (raw.StartsWith('/'))
        {
            return ParsePrefix(raw, address);
        }

        var separator = raw.IndexOf("://", StringComparison.Ordinal);
        var scheme = separator < 0 ? "" : raw[..separator].ToLowerInvariant();
        if (scheme is not ("http" or "https"))
        {
            return new Bad("only http and https addresses are served");
        }

        var rest = raw.AsSpan(separator + 3);
        if (scheme == "http" && IsHttpsPrefix(rest))
        {
            return ParseHttpsPrefix(rest, isProxyForm: true);
        }

        return ParseAuthority(scheme, rest.ToString(), isProxyForm: true) switch
        {
            Upstream self when isOwnName(self.Host, self.Port) => ParsePrefix(self.RawPath, address),
            var target => target,
        };
    }

    /// <summary>Reads a path as a web server would that has only this host.</summary>
    public static RequestTarget ParsePlain(string raw, string host, int port) =>
        FindBadBytes(raw) ?? ToUpstream("http", host, port, raw, isProxyForm: false) switch
        {
            Upstream target => target with { IsTransparent = true },
            var bad => bad,
        };

    /// <summary>What to tell who has forgotten the archive's host.</summary>
    public static string ExplainPrefix(ReadOnlySpan<char> first, string address) =>
        $"'{first}' is no archive's host name. Write the archive's address after this daemon's: {address}/ftp.us.debian.org/debian";

    /// <summary>Reads a host with or without a port, as in a <c>Host</c> header or in the authority form of CONNECT.</summary>
    public static bool TryParseHost(string authority, int defaultPort, out string host, out int port)
    {
        var end = authority.LastIndexOf(']') + 1; // an IPv6 address has colons of its own
        var colon = authority.IndexOf(':', end);
        host = (colon < 0 ? authority : authority[..colon]).ToLowerInvariant();
        port = defaultPort;
        var validPort =
            colon < 0
            || (
                int.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
                && port is > 0 and <= ushort.MaxValue);
        return validPort && Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6;
    }

    private static Bad? FindBadBytes(ReadOnlySpan<char> raw) =>
        raw.ContainsAnyExceptInRange('!', '~') || raw.ContainsAny('#', '\\')
            ? new Bad("the path has bytes that must be percent-encoded")
            : null;

    private static RequestTarget ParsePrefix(string raw, string address)
    {
        var path = raw.AsSpan().TrimStart('/'); // who joins two addresses easily writes two
        if (IsHttpsPrefix(path))
        {
            return ParseHttpsPrefix(path, isProxyForm: false);
        }

        var slash = path.IndexOf('/');
        var first = slash < 0 ? path : path[..slash];
        var isOwn = first.IsEmpty || first.SequenceEqual("p2p") || first.StartsWith(".") || first.StartsWith("?");
        if (isOwn)
        {
            return ParseOwn(raw);
        }

        var isHost = slash > 0 || first.ContainsAny('.', ':') || first.SequenceEqual("localhost");
        return isHost ? ParseAuthority("http", path.ToString(), isProxyForm: false) : new Bad(ExplainPrefix(first, address));
    }

    /// <summary>
    /// No path of the daemon's own needs a dot segment, an escape, or an empty segment, which two readers could understand differently.
    /// </summary>
    private static RequestTarget ParseOwn(string target)
    {
        var path = target.Split('?')[0];
        return
            path.Contains('%', StringComparison.Ordinal)
            || path.Contains("//", StringComparison.Ordinal)
            || path.Split('/').Any(segment => segment is "." or "..")
            ? new Bad("this daemon has no such path", StatusCodes.Status404NotFound)
            : new Own(path);
    }

    /// <summary>Also apt-cacher-ng's form, <c>HTTPS///host/path</c>, so that a switch from it needs no new source lines.</summary>
    private static bool IsHttpsPrefix(ReadOnlySpan<char> path) => path.StartsWith("https/", StringComparison.OrdinalIgnoreCase);

    private static RequestTarget ParseHttpsPrefix(ReadOnlySpan<char> path, bool isProxyForm) =>
        ParseAuthority("https", path["https/".Length..].TrimStart('/').ToString(), isProxyForm);

    private static RequestTarget ParseAuthority(string scheme, string text, bool isProxyForm)
    {
        var slash = text.IndexOfAny(['/', '?']);
        var authority = slash < 0 ? text : text[..slash];
        var path = slash < 0 ? "/" : text[slash..];
        if (authority.Contains('@', StringComparison.Ordinal))
        {
            return new Bad("user names and passwords in an address are not passed on; use apt's auth.conf");
        }

        return TryParseHost(authority, Origin.DefaultPort(scheme), out var host, out var port)
            ? ToUpstream(scheme, host, port, path.StartsWith('/') ? path : "/" + path, isProxyForm)
            : new Bad($"'{authority}' is not a host name or address");
    }

    private static RequestTarget ToUpstream(string scheme, string host, int port, string path, bool isProxyForm) =>
        DotSegments.Resolve(path) is { } resolved
            ? new Upstream(scheme, host, port, resolved, isProxyForm)
            : new Bad("the path leads above the archive's root by '..', or has an encoded '/' beside '..', or a NUL byte");
}
