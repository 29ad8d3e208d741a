using AptP2P.Host.Plugins.Loading;

namespace AptP2P.Host.Plugins.Guarding;

/// <summary>
/// Before a plugin's store. It takes the place of the host's own store if the plugin's could be made, and keeps it even when the plugin is
/// left out later: what that store keeps is nowhere else.
/// </summary>
internal sealed class ContentStoreGuard(PluginEntry owner) : Guard<IContentStore>(owner), IContentStore
{
    public bool IsMade => Made is not null;

    public ValueTask<IStoredContent?> OpenAsync(ContentHash hash, CancellationToken cancellationToken) =>
        Made!.OpenAsync(hash, cancellationToken);

    public ValueTask<IPartialContent> BeginAsync(ContentHash hash, long length, CancellationToken cancellationToken) =>
        Made!.BeginAsync(hash, length, cancellationToken);

    public IAsyncEnumerable<StoredContent> ListAsync(CancellationToken cancellationToken) => Made!.ListAsync(cancellationToken);

    public ValueTask EvictAsync(ContentHash hash, CancellationToken cancellationToken) => Made!.EvictAsync(hash, cancellationToken);
}
