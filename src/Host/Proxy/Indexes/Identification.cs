using AptP2P.Host.Catalog.Identifying;

namespace AptP2P.Host.Proxy.Indexes;

/// <summary>
/// Asks the catalog what a request means. Waits for what was just sent and is not read yet, where that may change the answer.
/// </summary>
internal sealed class Identification(ArchiveCatalog catalog, IndexBacklog backlog)
{
    /// <summary>When the request has its turn.</summary>
    public async ValueTask<Content?> IdentifyAsync(Origin origin, CancellationToken cancellationToken)
    {
        var unread = backlog.Unread(origin);
        var content = catalog.Identify(origin);
        if (unread.IsEmpty || ArchiveCatalog.IsRelease(origin))
        {
            return content;
        }

        // Only a Release names an index. A package that is known stays so: who has a newer index has waited for it.
        var isIndex = catalog.IsIndex(origin);
        IEnumerable<Task> awaited = content is null ? (isIndex ? unread.Releases : unread.Releases.Concat(unread.Indexes))
            : isIndex && !ArchiveCatalog.IsByHash(origin) ? unread.Releases
            : [];
        if (!awaited.Any())
        {
            return content;
        }

        await backlog.WaitAsync(awaited, cancellationToken);
        return catalog.Identify(origin);
    }

    /// <summary>Ahead of its turn, for as much as is certain by now.</summary>
    public Content? IdentifyAhead(Origin origin)
    {
        var unread = backlog.Unread(origin);
        var content = catalog.IdentifyAhead(origin);
        return content is not null && unread.Releases.Count > 0 && catalog.IsPlainIndex(origin) ? null : content;
    }
}
