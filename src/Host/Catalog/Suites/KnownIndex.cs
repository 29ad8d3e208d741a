namespace AptP2P.Host.Catalog.Suites;

/// <summary>An index file that a Release names, or that has passed where no Release names it.</summary>
/// <param name="Suite">The suite's row.</param>
/// <param name="Archive">The archive's row.</param>
/// <param name="Root">What the index's paths are relative to.</param>
/// <param name="Directory">Where the index is; ends with a slash.</param>
/// <param name="Name">Its plain name.</param>
/// <param name="Hash">The SHA-256 of the file as it is served.</param>
/// <param name="Size">Of the file as it is served, in bytes.</param>
/// <param name="Release">The row of the last release that names it so.</param>
/// <param name="HasByHash">Whether that release says that the file can be had by its hash.</param>
/// <param name="IsUnnamed">Whether no Release names it: it is the last that has passed under its name.</param>
/// <param name="Modified">When such a one was last modified, if its mirror says so.</param>
/// <param name="IsCurrent">Whether that release is the suite's newest.</param>
internal sealed record KnownIndex(
    long Suite, long Archive, string Root, string Directory, string Name, ContentHash Hash, long Size, long Release, bool HasByHash,
    bool IsCurrent = true, bool IsUnnamed = false, DateTimeOffset? Modified = null)
{
    /// <summary>The index whatever its compression: its path without the last suffix.</summary>
    public string Slot => SlotOf(Directory + Name);

    /// <summary>
    /// Whether its name has a suffix, so that it is one of the compressions of its slot. Plain files are listed but seldom served.
    /// </summary>
    public bool IsCompressed => Slot.Length < Directory.Length + Name.Length;

    /// <summary>
    /// Where the bytes are that the Release names: by their hash where that is possible, since the plain name may be newer or older.
    /// </summary>
    public string Path => HasByHash ? ByHash : Directory + Name;

    /// <summary>Its name by its hash, whether or not the archive has it.</summary>
    public string ByHash => $"{Directory}by-hash/SHA256/{Hash}";

    public static string SlotOf(string path)
    {
        var dot = path.LastIndexOf('.');
        return dot > path.LastIndexOf('/') + 1 ? path[..dot] : path;
    }
}
