using System.Threading.Channels;
using AptP2P.Host.Catalog;
using AptP2P.Host.Fetching;

namespace AptP2P.Host.Proxy;

/// <summary>Shows the catalog what may be an index: every content that was fetched, and what was in the store already because another archive has it too.</summary>
internal sealed partial class IndexLearner(Fetcher fetcher, IContentStore store, ArchiveCatalog catalog, ILogger<IndexLearner> logger) : BackgroundService
{
    private const int Backlog = 10_000; // contents; an index that finds no room is learned when it is missed

    private readonly Channel<(Origin Origin, ContentHash Hash)> _seen =
        Channel.CreateBounded<(Origin, ContentHash)>(new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Takes note of a content that was sent from the store. Only indexes are asked for by their hash.</summary>
    public void WasSent(Origin origin, ContentHash hash)
    {
        if (origin.RawPath.Contains("/by-hash/", StringComparison.Ordinal))
        {
            _seen.Writer.TryWrite((origin, hash));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        fetcher.Published += OnPublished;
        try
        {
            await foreach (var (origin, hash) in _seen.Reader.ReadAllAsync(stoppingToken))
            {
                try
                {
                    await catalog.LearnIndexAsync(origin, hash, () => OpenAsync(hash, stoppingToken), stoppingToken);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    LogNotRead(hash, e.Message);
                }
            }
        }
        finally
        {
            fetcher.Published -= OnPublished;
        }
    }

    private void OnPublished(Content content, PieceList? pieces)
    {
        if (!content.Origins.IsEmpty)
        {
            _seen.Writer.TryWrite((content.Origins[0], content.Hash));
        }
    }

    private async ValueTask<Stream> OpenAsync(ContentHash hash, CancellationToken cancellationToken) =>
        await store.OpenAsync(hash, cancellationToken) is { } stored
            ? new ContentStream(stored)
            : throw new IOException("it has been evicted already");

    [LoggerMessage(1100, LogLevel.Warning, "{Hash} was fetched but cannot be read: {Reason}")]
    private partial void LogNotRead(ContentHash hash, string reason);
}
