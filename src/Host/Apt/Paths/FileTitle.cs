using AptP2P.Shared;

namespace AptP2P.Host.Apt.Paths;

/// <summary>
/// What people call a file of an archive: <c>Packages of bookworm/main amd64</c> for what describes an archive, and a file's own name for
/// what is in it.
/// </summary>
internal static class FileTitle
{
    private const int Longest = 60; // of a name, and of a place: strangers choose both
    private const int DigestShown = 8;

    private static readonly string[] Compressions = [".xz", ".gz", ".bz2", ".lzma", ".zst", ".lz4"];

    /// <summary>Whether it describes an archive, by its path: a Release, an index, or what lies beside them.</summary>
    public static bool IsAboutArchive(string path) =>
        path.Contains("/dists/", StringComparison.Ordinal)
        || SuitePath.IsRelease(path)
        || ByHashPath.TryParse(path, out _)
        || IndexFileName.IsIndex(path[(path.LastIndexOf('/') + 1)..]);

    /// <summary>The title of a file under its plain name. One by its digest is called by the first digits of that.</summary>
    public static string Of(ArchivePath path)
    {
        if (ByHashPath.TryParse(path.Path, out var byHash))
        {
            return Join($"{path.Name[..DigestShown]}…", PlaceOf(path with { Path = byHash.Directory }, out _));
        }

        if (!IsAboutArchive(path.Path))
        {
            return Short(path.Name);
        }

        var place = PlaceOf(path, out var below);
        return Join(Short(below + Plain(path.Name)), place);
    }

    private static string Join(string name, string place) => place.Length > 0 ? $"{name} of {place}" : name;

    /// <summary>Suite, component and architecture; of a flat archive where it is.</summary>
    /// <param name="path">A file, or a directory with a slash at its end.</param>
    /// <param name="below">The directory of differences, which belongs to the name of what is in it.</param>
    private static string PlaceOf(ArchivePath path, out string below)
    {
        below = "";
        const string Suites = "/dists/";
        var dists = path.Directory.LastIndexOf(Suites, StringComparison.Ordinal);
        if (dists < 0)
        {
            return Short(path.Host + path.Directory.TrimEnd('/'));
        }

        var parts = path.Directory[(dists + Suites.Length)..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts is [.., var last] && last.EndsWith(".diff", StringComparison.Ordinal))
        {
            (below, parts) = (last + "/", parts[..^1]);
        }

        var architecture = "";
        if (parts is [.., var kind])
        {
            const string Binary = "binary-";
            architecture = kind.StartsWith(Binary, StringComparison.Ordinal) ? " " + kind[Binary.Length..] : "";
            parts = architecture.Length > 0 || kind is "source" or "i18n" or "dep11" or "cnf" ? parts[..^1] : parts;
        }

        return Short((parts.Length > 0 ? string.Join('/', parts) : path.Host) + architecture);
    }

    private static string Plain(string name) =>
        Compressions.FirstOrDefault(suffix => name.EndsWith(suffix, StringComparison.Ordinal)) is { } compression
            ? name[..^compression.Length]
            : name;

    private static string Short(string text) => Printable.Of(text.Length <= Longest ? text : text[..(Longest - 1)] + "…");
}
