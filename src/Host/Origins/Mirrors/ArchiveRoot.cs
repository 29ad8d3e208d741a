using System.Globalization;

namespace AptP2P.Host.Origins.Mirrors;

/// <summary>
/// Where an archive lies at one host, as an operator writes it: <c>ftp.us.debian.org/debian</c>. Without a scheme it stands for http and
/// for https at their own ports, whichever the client uses.
/// </summary>
/// <param name="Scheme"><c>http</c>, <c>https</c>, or empty for the client's.</param>
/// <param name="Host">A name in lower case, or an address.</param>
/// <param name="Port">0 for the scheme's own.</param>
/// <param name="Path">With a slash at both ends, as the client writes it.</param>
internal sealed record ArchiveRoot(string Scheme, string Host, int Port, string Path)
{
    /// <summary>Host and port, as <see cref="Origin.Authority"/> has them.</summary>
    public string Authority =>
        Port == 0 || Port == Origin.DefaultPort(Scheme) ? Host : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>Whether a file is below this root.</summary>
    public bool Holds(Origin file) =>
        file.Host == Host && (Scheme.Length == 0 || file.Scheme == Scheme) && file.Port == PortFor(file.Scheme)
        && file.RawPath.StartsWith(Path, StringComparison.Ordinal);

    /// <summary>The same file below another root, or <see langword="null"/> where that would take a client from https to http.</summary>
    public Origin? Move(Origin file, ArchiveRoot to)
    {
        var scheme = to.Scheme.Length > 0 ? to.Scheme : file.Scheme;
        return file.Scheme == "https" && scheme != "https"
            ? null
            : file with { Scheme = scheme, Host = to.Host, Port = to.PortFor(scheme), RawPath = to.Path + file.RawPath[Path.Length..] };
    }

    /// <summary>Whether a file can be below both.</summary>
    public bool Overlaps(ArchiveRoot other)
    {
        var scheme = Scheme.Length > 0 ? Scheme : other.Scheme;
        return Host == other.Host && (other.Scheme.Length == 0 || other.Scheme == scheme) && PortFor(scheme) == other.PortFor(scheme)
            && (Path.StartsWith(other.Path, StringComparison.Ordinal) || other.Path.StartsWith(Path, StringComparison.Ordinal));
    }

    public override string ToString() => $"{(Scheme.Length > 0 ? $"{Scheme}://" : "")}{Authority}{Path.TrimEnd('/')}";

    /// <returns>What is wrong with the text, or <see langword="null"/> when nothing is.</returns>
    public static string? TryParse(string text, out ArchiveRoot root)
    {
        root = new ArchiveRoot("", "", 0, "/");
        var separator = text.IndexOf("://", StringComparison.Ordinal);
        var scheme = separator < 0 ? "" : text[..separator].ToLowerInvariant();
        if (scheme is not ("" or "http" or "https"))
        {
            return $"'{text}' is neither http nor https";
        }

        var rest = separator < 0 ? text : text[(separator + 3)..];
        var slash = rest.IndexOf('/');
        var (authority, path) = slash < 0 ? (rest, "/") : (rest[..slash], rest[slash..].TrimEnd('/') + "/");
        if (path.AsSpan().ContainsAny("?#%\\")
            || path.Contains("//", StringComparison.Ordinal)
            || path.Contains("/.", StringComparison.Ordinal))
        {
            return $"'{text}' is not an archive's root: its path has '?', '#', '%', '\\', '//' or '/.' in it";
        }

        if (authority.Contains('@', StringComparison.Ordinal))
        {
            return $"'{text}' has a user name or password in it; what needs one is not shared, and has no mirrors here";
        }

        var colon = authority.IndexOf(':', authority.LastIndexOf(']') + 1); // an IPv6 address has colons of its own
        var host = (colon < 0 ? authority : authority[..colon]).ToLowerInvariant();
        var port = 0;
        var isPort =
            colon < 0
            || (
                int.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
                && port is > 0 and <= ushort.MaxValue);
        if (!isPort || Uri.CheckHostName(host) is not (UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6))
        {
            return $"'{text}' does not begin with a host; write ftp.us.debian.org/debian, host:port/path or https://host/path";
        }

        if (port > 0 && scheme.Length == 0)
        {
            scheme = "http"; // a port of its own belongs to one scheme
        }

        root = new ArchiveRoot(scheme, host, port, path);
        return null;
    }

    private int PortFor(string scheme) => Port > 0 ? Port : Origin.DefaultPort(scheme);
}
