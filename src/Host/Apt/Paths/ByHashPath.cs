namespace AptP2P.Host.Apt.Paths;

/// <summary>An index asked for by its digest: <c>&lt;directory&gt;by-hash/&lt;algorithm&gt;/&lt;hex&gt;</c>.</summary>
/// <param name="Directory">Where the index is under its plain name; ends with a slash.</param>
/// <param name="Digest">In binary. Its length says which algorithm.</param>
internal readonly record struct ByHashPath(string Directory, byte[] Digest)
{
    /// <summary>Splits the path, when it has that form.</summary>
    public static bool TryParse(string path, out ByHashPath result)
    {
        result = default;
        var name = path.LastIndexOf('/');
        var algorithm = name <= 0 ? -1 : path.LastIndexOf('/', name - 1);
        const string Folder = "by-hash";
        if (algorithm < Folder.Length + 1
            || !path.AsSpan(0, algorithm).EndsWith("/" + Folder)
            || Fields.Digest.TryParse(path.AsSpan(name + 1)) is not { } digest)
        {
            return false;
        }

        result = new ByHashPath(path[..(algorithm - Folder.Length)], digest);
        return true;
    }
}
