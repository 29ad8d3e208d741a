using System.Threading.Channels;
using AptP2P.Host.Catalog;
using AptP2P.Host.Fetching;

namespace AptP2P.Host.Proxy;

/// <summary>Shows the catalog every content that was fetched: it may be an index.</summary>
internal sealed partial class IndexLearner(Fetcher fetcher, IContentStore store, ArchiveCatalog catalog, ILogger<IndexLearner> logger) : BackgroundService
{
    private const int Backlog = 10_000; // fetched contents; an index that finds no room is learned when it is missed

    private readonly Channel<Content> _fetched =
        Channel.CreateBounded<Content>(new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        fetcher.Published += OnPublished;
        try
        {
            await foreach (var content in _fetched.Reader.ReadAllAsync(stoppingToken))
            {
                try
                {
                    await catalog.LearnIndexAsync(content.Origins[0], content.Hash, () => OpenAsync(content, stoppingToken), stoppingToken);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    LogNotRead(content.Hash, e.Message);
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
            _fetched.Writer.TryWrite(content);
        }
    }

    private async ValueTask<Stream> OpenAsync(Content content, CancellationToken cancellationToken) =>
        await store.OpenAsync(content.Hash, cancellationToken) is { } stored
            ? new ContentStream(stored)
            : throw new IOException("it has been evicted already");

    [LoggerMessage(1100, LogLevel.Warning, "{Hash} was fetched but cannot be read: {Reason}")]
    private partial void LogNotRead(ContentHash hash, string reason);
}
