using AptP2P.Host.Fetching;

namespace AptP2P.Host.Sharing;

/// <summary>What peers may read: what is stored, and the good pieces of what is being fetched.</summary>
internal sealed class SharedContents(IContentStore store, Fetcher fetcher) : ISharedContents
{
    public async ValueTask<ISharedContent?> OpenAsync(ContentHash hash, CancellationToken cancellationToken)
    {
        if (await store.OpenAsync(hash, cancellationToken) is { } stored)
        {
            return new SharedStoredContent(stored);
        }

        return fetcher.Find(hash) is { } fetch && fetch.TryObserve() ? new SharedFetch(fetch) : null;
    }

    public async ValueTask<bool> HasAsync(ContentHash hash, CancellationToken cancellationToken)
    {
        if (await store.OpenAsync(hash, cancellationToken) is not { } stored)
        {
            return false;
        }

        await stored.DisposeAsync();
        return true;
    }
}
