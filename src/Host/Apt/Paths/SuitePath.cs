namespace AptP2P.Host.Apt.Paths;

/// <summary>Where a Release is, and where the files are that its indexes name.</summary>
/// <param name="Directory">The Release's directory; ends with a slash.</param>
/// <param name="Root">What <c>Filename</c> and <c>Directory</c> are relative to; ends with a slash.</param>
internal readonly record struct SuitePath(string Directory, string Root)
{
    /// <summary>
    /// The suite that a Release at this path describes. Where the path has a <c>dists</c> directory the root is its parent (Debian's
    /// repository format), unless the Release names an index beside itself; else the repository is flat, and its root is the Release's
    /// directory.
    /// </summary>
    public static SuitePath OfRelease(ArchivePath release, bool isFlat = false)
    {
        var directory = release.Directory;
        var dists = isFlat ? -1 : directory.LastIndexOf("/dists/", StringComparison.Ordinal);
        return new SuitePath(directory, dists < 0 ? directory : directory[..(dists + 1)]);
    }

    /// <summary>Whether a path's last part is a name that only a Release or its signature has.</summary>
    public static bool IsRelease(string path) => IsRelease(path, out _);

    /// <param name="path">A decoded path.</param>
    /// <param name="isSignature">It is the detached signature, which names no files.</param>
    public static bool IsRelease(string path, out bool isSignature)
    {
        var name = path.AsSpan(path.LastIndexOf('/') + 1);
        isSignature = name is "Release.gpg";
        return isSignature || name is "InRelease" or "Release";
    }
}
