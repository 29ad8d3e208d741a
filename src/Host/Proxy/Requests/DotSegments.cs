namespace AptP2P.Host.Proxy.Requests;

/// <summary>Dot segments in the path of a request.</summary>
internal static class DotSegments
{
    /// <summary>
    /// Resolves <c>..</c> as a web server does (RFC 3986, section 5.2.4), also where it is percent-encoded. A path without it stays what it
    /// is to the byte: flat archives are asked for with <c>/./</c>.
    /// </summary>
    /// <returns><see langword="null"/> where it would lead above the root, or where two servers could read it differently.</returns>
    public static string? Resolve(string path)
    {
        var isSuspect = path.Contains("..", StringComparison.Ordinal)
            || path.Contains("%2e", StringComparison.OrdinalIgnoreCase) || path.Contains("%00", StringComparison.Ordinal);
        if (!isSuspect)
        {
            return path; // nearly always
        }

        var query = path.IndexOf('?', StringComparison.Ordinal);
        var end = query < 0 ? path.Length : query;
        var segments = path[1..end].Split('/');
        string[] decoded = [.. segments.Select(Uri.UnescapeDataString)];
        if (Array.Exists(decoded, IsAmbiguous))
        {
            return null;
        }

        return !decoded.Contains("..") ? path
            : Resolve(segments, decoded) is { } resolved ? string.Concat(resolved, path.AsSpan(end))
            : null;
    }

    private static bool IsAmbiguous(string decoded) =>
        decoded.Contains('\0', StringComparison.Ordinal)
        || (decoded.Contains('/', StringComparison.Ordinal) && decoded.Split('/').Contains(".."));

    private static string? Resolve(string[] segments, string[] decoded)
    {
        var kept = new List<string>();
        for (var i = 0; i < segments.Length; i++)
        {
            var isDots = decoded[i] is "." or "..";
            if (decoded[i] == ".." && kept.Count == 0)
            {
                return null;
            }

            if (decoded[i] == "..")
            {
                kept.RemoveAt(kept.Count - 1);
            }
            else if (!isDots)
            {
                kept.Add(segments[i]);
            }

            if (isDots && i == segments.Length - 1)
            {
                kept.Add(""); // what is left is a directory
            }
        }

        return "/" + string.Join('/', kept);
    }
}
