using AptP2P.Host.Fetching;

namespace AptP2P.Host.Sharing;

/// <summary>What peers may read: what is stored, and the good pieces of what is being fetched, as far as it is shared.</summary>
internal sealed class SharedContents(IContentStore store, Fetcher fetcher, ShareList shares, SharedBytes bytes) : ISharedContents
{
    public async ValueTask<ISharedContent?> OpenAsync(ContentHash hash, CancellationToken cancellationToken)
    {
        if (shares.IsShared(hash) && await store.OpenAsync(hash, cancellationToken) is { } stored)
        {
            return new SharedStoredContent(stored, bytes);
        }

        return fetcher.Find(hash) is { } fetch && shares.IsShared(fetch.Content) && fetch.TryObserve()
            ? new SharedFetch(fetch, bytes)
            : null;
    }

    public async ValueTask<bool> HasAsync(ContentHash hash, CancellationToken cancellationToken)
    {
        if (shares.IsShared(hash) && await store.OpenAsync(hash, cancellationToken) is { } stored)
        {
            await stored.DisposeAsync();
            return true;
        }

        return fetcher.Find(hash) is { CrowdProgress: not null } fetch && shares.IsShared(fetch.Content);
    }
}
