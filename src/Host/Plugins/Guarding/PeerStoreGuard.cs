using AptP2P.Host.Plugins.Loading;

namespace AptP2P.Host.Plugins.Guarding;

/// <summary>Before a plugin's peer store. Where the plugin is left out, it is told nothing.</summary>
internal sealed class PeerStoreGuard(PluginEntry owner) : Guard<IPeerStore>(owner), IPeerStore
{
    public ValueTask AnnounceAsync(Announcement announcement, CancellationToken cancellationToken) =>
        Working?.AnnounceAsync(announcement, cancellationToken) ?? default;

    public ValueTask WithdrawAsync(ContentHash hash, CancellationToken cancellationToken) =>
        Working?.WithdrawAsync(hash, cancellationToken) ?? default;

    public ValueTask KeepOnlyAsync(IReadOnlySet<ContentHash> hashes, CancellationToken cancellationToken) =>
        Working?.KeepOnlyAsync(hashes, cancellationToken) ?? default;
}
