using System.Buffers;

namespace AptP2P.Host.Sharing;

/// <summary>
/// Finds what shows that an address is not for everybody: a token in its path, or a host that gives its packages for a password only. The
/// one list of what providers of archives do, each entry with its source.
/// </summary>
internal static class PrivatePath
{
    /// <summary>
    /// Of the shortest known ones, Gemfury's, which <c>/TOKEN/user/</c> may begin with (devcenter.heroku.com/articles/gemfury). A
    /// snapshot's date has 16 letters, and names of packages have dots and dashes.
    /// </summary>
    private const int TokenLength = 20;

    /// <summary>
    /// Hosts whose packages need a password or a contract, though their indexes may be for everybody: ubuntu.com/security/esm (apt has the
    /// token in /etc/apt/auth.conf.d), and Launchpad's private PPAs (help.launchpad.net/Packaging/PPA/InstallingSoftware).
    /// </summary>
    private static readonly SearchValues<string> Hosts = SearchValues.Create(
        ["esm.ubuntu.com", "private-ppa.launchpad.net", "private-ppa.launchpadcontent.net"], StringComparison.Ordinal);

    /// <summary>
    /// The folder before a token, at any host: packagecloud.io and packagecloud:enterprise give <c>/priv/TOKEN/user/repository</c>
    /// (packagecloud.io/docs, read tokens).
    /// </summary>
    private static readonly string[] Before = ["priv", "token", "tokens"];

    /// <summary>
    /// Hosts where all but one folder is private: Cloudsmith gives <c>/TOKEN/owner/repository</c>, <c>/basic/owner/repository</c> and
    /// <c>/public/owner/repository</c> (docs.cloudsmith.com, entitlement tokens).
    /// </summary>
    private static readonly Dictionary<string, string> PublicFolders = new() { ["dl.cloudsmith.io"] = "public" };

    /// <summary>Beginnings of tokens: GitLab's personal, deploy and job tokens (docs.gitlab.com/security/tokens).</summary>
    private static readonly string[] Prefixes = ["glpat-", "gldt-", "glcbt-"];

    /// <summary>Tokens as parameters of a segment (RFC 3986, 3.3) or of a query: GitLab's REST interface, Artifactory.</summary>
    private static readonly string[] Parameters =
    [
        "token=", "access_token=", "private_token=", "private-token=", "job_token=", "job-token=", "apikey=", "api_key=", "password=",
    ];

    /// <summary>Where in a file's path something is for some only.</summary>
    /// <param name="host">A name in lower case.</param>
    /// <param name="path">Decoded, beginning with a slash; a query with it, where there is one.</param>
    /// <returns>The archive up to there, the secret itself as a star, as <see cref="ArchivePattern"/> is written; nothing where everybody
    /// may have it.</returns>
    public static string? Find(string host, string path)
    {
        if (Hosts.Contains(host))
        {
            return host;
        }

        if (path.Contains('?'))
        {
            return host; // an archive's files have none
        }

        var segments = path.Split('/')[1..^1]; // the last is the file's name
        for (var i = 0; i < segments.Length; i++)
        {
            var isSecret =
                IsToken(segments[i])
                || (
                    i > 0
                    && Array.Exists(Before, folder => folder.Equals(segments[i - 1], StringComparison.OrdinalIgnoreCase))
                    && segments[i].Length >= TokenLength)
                || (i == 0 && PublicFolders.TryGetValue(host, out var folder) && segments[0] != folder);
            if (isSecret)
            {
                return string.Join('/', [host, .. segments[..i].Select(Uri.EscapeDataString), "*"]);
            }
        }

        return null;
    }

    private static bool IsToken(string segment) =>
        Array.Exists(Prefixes, prefix => segment.Length >= TokenLength && segment.StartsWith(prefix, StringComparison.Ordinal))
        || Array.Exists(Parameters, parameter => segment.Contains(parameter, StringComparison.OrdinalIgnoreCase))
        || Guid.TryParseExact(segment, "D", out _)
        || IsRandom(segment);

    /// <summary>Whether it is long, of letters and digits, and no words: with both cases, or in one piece.</summary>
    private static bool IsRandom(string segment) =>
        segment.Length >= TokenLength
        && segment.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
        && segment.Any(char.IsAsciiDigit) && segment.Any(char.IsAsciiLetter)
        && ((segment.Any(char.IsAsciiLetterUpper) && segment.Any(char.IsAsciiLetterLower)) || !segment.AsSpan().ContainsAny('-', '_'));
}
