namespace AptP2P.Host.Sharing;

/// <summary>Tells all peer stores the same.</summary>
internal sealed partial class PeerStores(IEnumerable<IPeerStore> stores, ILogger<PeerStores> logger)
{
    private readonly Lock _lock = new();
    private HashSet<ContentHash>? _early = []; // announced before it was said what is to be kept, which those are as well

    public Task AnnounceAsync(Announcement announcement, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _early?.Add(announcement.Hash);
        }

        return TellAsync(store => store.AnnounceAsync(announcement, cancellationToken), cancellationToken);
    }

    public Task WithdrawAsync(ContentHash hash, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _early?.Remove(hash);
        }

        return TellAsync(store => store.WithdrawAsync(hash, cancellationToken), cancellationToken);
    }

    /// <summary>Withdraws what the stores remember from before, but for these and what was announced since the start. Once.</summary>
    public Task KeepOnlyAsync(IEnumerable<ContentHash> hashes, CancellationToken cancellationToken)
    {
        HashSet<ContentHash> kept = [.. hashes];
        lock (_lock)
        {
            kept.UnionWith(_early ?? []);
            _early = null;
        }

        return TellAsync(store => store.KeepOnlyAsync(kept, cancellationToken), cancellationToken);
    }

    private async Task TellAsync(Func<IPeerStore, ValueTask> tell, CancellationToken cancellationToken)
    {
        foreach (var store in stores)
        {
            try
            {
                await tell(store);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                LogFault(e, store.GetType().Name); // a plugin's bug: the others are told all the same
            }
        }
    }

    [LoggerMessage(1500, LogLevel.Error, "The peer store {Store} has a fault")]
    private partial void LogFault(Exception exception, string store);
}
