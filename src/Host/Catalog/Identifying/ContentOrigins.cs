using System.Collections.Immutable;
using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Suites;
using AptP2P.Host.Origins.Mirrors;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Catalog.Identifying;

/// <summary>
/// Where a file can be had: at the origin that is asked for, at its mirrors, and at archives whose own index names the same file.
/// </summary>
internal sealed class ContentOrigins(KnownFiles files, MirrorList mirrors, IOptions<FailoverOptions> options)
{
    private const int MaxKnown = 4; // the first that works is enough

    /// <summary>In order of preference, each host once.</summary>
    public ImmutableArray<Origin> Of(Origin origin, ArchivePath path, ContentHash hash)
    {
        var listed = mirrors.Of(origin);
        return options.Value.UseKnown && !ByHashPath.TryParse(path.Path, out _)
            ? [.. listed.Concat(Known(origin, path, hash)).DistinctBy(other => other.Authority)]
            : listed;
    }

    /// <summary>
    /// An index, which has a name by its hash too where its Release says so: the plain name may be newer or older than what that names.
    /// </summary>
    /// <param name="origin">As it was asked for; by this name first.</param>
    /// <param name="archive">Which archive.</param>
    /// <param name="index">The index.</param>
    public ImmutableArray<Origin> OfIndex(Origin origin, ArchivePath archive, KnownIndex index)
    {
        var asked = mirrors.Of(origin);
        var other = archive.Path == index.Path ? index.Directory + index.Name : index.Path;
        return index.HasByHash
            ?
            [
                .. asked
                    .Zip(mirrors.Of(origin with { RawPath = (archive with { Path = other }).RawPath }), (one, two) => (Origin[])[one, two])
                    .SelectMany(both => both),
            ]
            : asked;
    }

    private IEnumerable<Origin> Known(Origin origin, ArchivePath path, ContentHash hash) =>
        files
            .FindElsewhere(path, hash, MaxKnown)
            .Select(other => new Origin(other.Scheme, other.Host, other.Port, other.RawPath, origin.Reach));
}
