namespace AptP2P.Host.Storage.Space;

/// <summary>
/// The copies for outages, which the catalog writes, as the store sees them: files that take room. Those that nobody has used for long go,
/// and the least recently used where they take more than their part; a copy that is wanted comes again with the next answer of the mirror.
/// </summary>
internal static class OutageCopies
{
    /// <returns>How many bytes stay.</returns>
    /// <param name="folder">Where they are.</param>
    /// <param name="before">Those not used since go.</param>
    /// <param name="most">How many bytes may stay.</param>
    public static long Tidy(DirectoryInfo folder, DateTime before, long most)
    {
        var left = 0L;
        // drafts have no extension, and belong to answers that are on their way
        foreach (var copy in Files(folder).Where(file => file.Extension.Length > 0).OrderByDescending(Used))
        {
            if (Used(copy) < before || left + copy.Length > most)
            {
                copy.Delete();
            }
            else
            {
                left += copy.Length;
            }
        }

        return Size(folder);
    }

    public static long Size(DirectoryInfo folder) => Files(folder).Sum(file => file.Length);

    private static IEnumerable<FileInfo> Files(DirectoryInfo folder) =>
        folder.Exists ? folder.EnumerateFiles().Where(file => file.Exists) : []; // some go meanwhile

    /// <summary>Read or written: some disks note only the latter.</summary>
    private static DateTime Used(FileInfo file) =>
        file.LastAccessTimeUtc > file.LastWriteTimeUtc ? file.LastAccessTimeUtc : file.LastWriteTimeUtc;
}
