using AptP2P.Host.Apt.Paths;

namespace AptP2P.Host.Catalog.Metadata;

/// <summary>Where the Releases are on which a name rests, as far as they have passed here.</summary>
internal sealed class ReleaseOrigins(MetadataCopies copies, MetadataKeeping keeping)
{
    private static readonly string[] Names = ["InRelease", "Release"];

    /// <summary>The directory of a Release; nothing for other files.</summary>
    public static string? DirectoryOf(Origin release) =>
        ArchivePath.TryParse(release, out var path, out _) && SuitePath.IsRelease(path.Path) ? path.Directory : null;

    /// <summary>What an archive has in the directory.</summary>
    /// <param name="file">One of its files.</param>
    /// <param name="directory">Where a Release is that names the file; ends with a slash.</param>
    public Origin? Find(Origin file, string directory)
    {
        foreach (var name in Names)
        {
            if (ArchivePath.TryParse(file, out var path, out _)
                && (path with { Path = directory + name }) is var release
                && copies.Has(release))
            {
                return file with { RawPath = release.RawPath };
            }
        }

        return null;
    }

    /// <summary>The signature for which a Release waits that has just come; nothing where it does not.</summary>
    public Origin? FindMissingSignature(Origin release) =>
        ArchivePath.TryParse(release, out var path, out _) && keeping.IsWaiting(path)
            ? release with
            {
                RawPath = release.RawPath + ".gpg",
            }
            : null;
}
