using System.Globalization;

namespace AptP2P;

/// <summary>
/// A file at an archive's mirror, with the exact bytes of its path: archives kept in S3 tell <c>+</c> and <c>%2b</c> apart.
/// </summary>
/// <param name="Scheme"><c>http</c> or <c>https</c>.</param>
/// <param name="Host">A name in lower case, or an address.</param>
/// <param name="Port">TCP port.</param>
/// <param name="RawPath">Path and query as the client sent them, beginning with a slash.</param>
/// <param name="Reach">Which addresses the client that asks may be given.</param>
public sealed record Origin(string Scheme, string Host, int Port, string RawPath, OriginReach Reach)
{
    /// <summary>Whether <see cref="Port"/> is the scheme's own.</summary>
    public bool IsDefaultPort => Port == DefaultPort(Scheme);

    /// <summary>The <c>Host</c> header, and the name for people: the port only where it is not the scheme's own.</summary>
    public string Authority => IsDefaultPort ? Host : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>The port that a scheme has when none is written.</summary>
    public static int DefaultPort(string scheme) => scheme == "https" ? 443 : 80;

    /// <summary>The address to ask, its path not touched.</summary>
    public Uri ToUri() =>
        new($"{Scheme}://{Authority}{RawPath}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    /// <inheritdoc/>
    public override string ToString() => $"{Scheme}://{Authority}{RawPath}";
}
