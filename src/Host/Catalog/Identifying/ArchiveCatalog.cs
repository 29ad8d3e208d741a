using AptP2P.Host.Apt.Paths;
using AptP2P.Host.Catalog.Database;
using AptP2P.Host.Catalog.Suites;
using Microsoft.Data.Sqlite;

namespace AptP2P.Host.Catalog.Identifying;

/// <summary>Says what an address of an archive stands for, by what the archives' own indexes say of it (docs/catalog.md).</summary>
internal sealed partial class ArchiveCatalog(
    KnownFiles files, KnownIndexes indexes, CatalogWriter writer, ContentOrigins origins, IdentifyingMetrics metrics,
    ILogger<ArchiveCatalog> logger)
{
    private readonly RecentAnswers _recent = new();
    private bool _isUnreadable;

    /// <summary>
    /// The content at an origin: a pool file, or an index by its hash or by the plain name that the newest Release gives it. Nothing when
    /// it is not known, and for a Release.
    /// </summary>
    public Content? Identify(Origin origin)
    {
        var content = Recall(origin)?.Content;
        metrics.Identified(content is not null);
        return content;
    }

    /// <summary>The same ahead of a request's turn: when it is not known then, it will be asked for again.</summary>
    public Content? IdentifyAhead(Origin origin)
    {
        var content = Recall(origin)?.Content;
        if (content is not null)
        {
            metrics.Identified(known: true);
        }

        return content;
    }

    /// <summary>Whether a name still stands for a content.</summary>
    public bool IsStill(Origin origin, ContentHash hash) => Recall(origin)?.Content.Hash == hash;

    /// <summary>The directories of the Releases on which a name rests; none for one that is a digest.</summary>
    public IReadOnlyList<string> ReleasesOf(Origin origin)
    {
        try
        {
            return Recall(origin) is not { } known
                ? []
                : known.Releases ??= ArchivePath.TryParse(origin, out var path, out _) ? files.FindNaming(path) : [];
        }
        catch (SqliteException exception)
        {
            WarnUnreadable(exception);
            return [];
        }
    }

    /// <summary>Whether a Release or its signature is asked for.</summary>
    public static bool IsRelease(Origin origin) => ArchivePath.TryParse(origin, out var path, out _) && SuitePath.IsRelease(path.Path);

    /// <summary>Whether an index is asked for by its digest.</summary>
    public static bool IsByHash(Origin origin) =>
        ArchivePath.TryParse(origin, out var path, out _) && ByHashPath.TryParse(path.Path, out _);

    /// <summary>Whether a file describes an archive, by its path: a Release, an index, or what lies beside them.</summary>
    public static bool IsAboutArchive(Origin origin) =>
        ArchivePath.TryParse(origin, out var path, out _) && FileTitle.IsAboutArchive(path.Path);

    /// <summary>Whether a content is an index, asked for by its digest, that no newest Release names any more.</summary>
    public bool IsReplacedIndex(Content content)
    {
        try
        {
            return !content.Origins.IsEmpty && content.Origins.All(origin =>
                ArchivePath.TryParse(origin, out var path, out _)
                && ByHashPath.TryParse(path.Path, out var byHash)
                && indexes.FindByHash(path, byHash) is { IsCurrent: false });
        }
        catch (SqliteException exception)
        {
            WarnUnreadable(exception);
            return false;
        }
    }

    /// <summary>Whether an index is asked for, by its hash or by its plain name.</summary>
    public bool IsIndex(Origin origin) =>
        _recent.Find(origin, writer.Version) is { } recent ? recent.IsIndex : IsByHash(origin) || IsPlainIndex(origin);

    /// <summary>Whether an index is asked for by its plain name: what is there changes.</summary>
    public bool IsPlainIndex(Origin origin) => IsMetadata(origin) && !IsRelease(origin);

    /// <summary>
    /// Whether a file changes under its name, so that a copy is worth keeping for when the mirror is gone: a Release or its signature, or
    /// an index by its plain name.
    /// </summary>
    public bool IsMetadata(Origin origin)
    {
        try
        {
            return ArchivePath.TryParse(origin, out var path, out _)
                && (SuitePath.IsRelease(path.Path) || IndexFileName.IsIndex(path.Name) || indexes.FindByName(path).Count > 0);
        }
        catch (SqliteException exception)
        {
            WarnUnreadable(exception);
            return false;
        }
    }

    /// <summary>
    /// Whether an index of this date is what has passed here last, and no Release names it: then the mirror need not send it again.
    /// </summary>
    public bool HasPassed(Origin origin, DateTimeOffset modified) =>
        ArchivePath.TryParse(origin, out var path, out _) && indexes.FindUnnamed(path)?.Modified == modified;

    /// <summary>What people call a file, also one that is asked for by its digest.</summary>
    /// <param name="origin">The file.</param>
    /// <param name="title">The best that is known.</param>
    /// <returns>Whether there will be no better one.</returns>
    public bool TryTitle(Origin origin, out string title)
    {
        if (!ArchivePath.TryParse(origin, out var path, out _))
        {
            path = new ArchivePath(origin.Scheme, origin.Host, origin.Port, origin.RawPath);
        }

        var isKnown = true;
        try
        {
            if (ByHashPath.TryParse(path.Path, out var byHash))
            {
                var index = indexes.FindByHash(path, byHash);
                isKnown = index is not null;
                path = index is null ? path : path with { Path = index.Directory + index.Name };
            }
        }
        catch (SqliteException exception)
        {
            WarnUnreadable(exception);
            isKnown = false;
        }

        title = FileTitle.Of(path);
        return isKnown;
    }

    private KnownContent? Recall(Origin origin)
    {
        var version = writer.Version;
        if (_recent.Find(origin, version) is { } recent)
        {
            return recent;
        }

        var content = Find(origin);
        if (content is not null)
        {
            _recent.Add(origin, content, version);
        }

        return content;
    }

    private KnownContent? Find(Origin origin)
    {
        if (!ArchivePath.TryParse(origin, out var path, out _))
        {
            return null;
        }

        try
        {
            if (ByHashPath.TryParse(path.Path, out var byHash))
            {
                return indexes.FindByHash(path, byHash) is { } named
                    ? new(new Content(named.Hash, named.Size, origins.Of(origin, path, named.Hash)), IsIndex: true)
                    : null;
            }

            return files.Find(path) is var (hash, size) ? new(new Content(hash, size, origins.Of(origin, path, hash)), IsIndex: false)
                : !SuitePath.IsRelease(path.Path) && indexes.FindCurrentByName(path) is { } index
                    ? new(new Content(index.Hash, index.Size, origins.OfIndex(origin, path, index)), IsIndex: true)
                : null;
        }
        catch (SqliteException exception)
        {
            WarnUnreadable(exception);
            return null;
        }
    }

    private void WarnUnreadable(SqliteException exception)
    {
        if (!Interlocked.Exchange(ref _isUnreadable, true)) // once: it is every request's trouble
        {
            LogUnreadable(exception.Message);
        }
    }

    [LoggerMessage(1301, LogLevel.Warning, "The catalog cannot be read: {Reason}. Requests go to the mirror")]
    private partial void LogUnreadable(string reason);
}
