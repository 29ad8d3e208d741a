namespace AptP2P.Host.Sharing;

/// <summary>Tells all peer stores the same.</summary>
internal sealed partial class PeerStores(IEnumerable<IPeerStore> stores, ILogger<PeerStores> logger)
{
    public async Task TellAsync(Func<IPeerStore, ValueTask> tell, CancellationToken cancellationToken)
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
