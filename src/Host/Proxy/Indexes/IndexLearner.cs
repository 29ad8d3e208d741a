using System.Threading.Channels;
using AptP2P.Host.Catalog.Identifying;
using AptP2P.Host.Catalog.Learning;
using AptP2P.Host.Fetching;

namespace AptP2P.Host.Proxy.Indexes;

/// <summary>
/// Shows the catalog what may be an index: every content that was fetched, and what was in the store already because another archive has it
/// too.
/// </summary>
internal sealed partial class IndexLearner(
    Fetcher fetcher, IContentStore store, ArchiveCatalog catalog, CatalogLearning learning, IndexBacklog backlog,
    ILogger<IndexLearner> logger) : BackgroundService
{
    private const int Backlog = 10_000; // contents; an index that finds no room is learned when it is missed

    private readonly Channel<(Origin Origin, ContentHash Hash)> _seen = Channel.CreateBounded<(Origin, ContentHash)>(
        new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true },
        dropped => Done(catalog, backlog, dropped));

    /// <summary>A stored content is about to be sent. If it is an index, the catalog reads it.</summary>
    public void SendingStored(Origin origin, ContentHash hash)
    {
        if (catalog.IsIndex(origin))
        {
            backlog.Add(origin, hash, () => true, Task.FromResult(true));
            _seen.Writer.TryWrite((origin, hash));
        }
    }

    /// <summary>The same for one that is being fetched: the catalog reads it when it is stored.</summary>
    public void SendingFetched(Origin origin, FetchReader reader)
    {
        if (catalog.IsIndex(origin))
        {
            var sent = reader; // a copy, so that nothing is allocated for other files
            backlog.Add(origin, sent.Content.Hash, () => sent.IsAtEnd, sent.Outcome);
        }
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        fetcher.Published += OnPublished; // before the first request, which ExecuteAsync need not be
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var seen in _seen.Reader.ReadAllAsync(stoppingToken))
            {
                try
                {
                    await learning.LearnIndexAsync(seen.Origin, seen.Hash, () => OpenAsync(seen.Hash, stoppingToken), stoppingToken);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    LogNotRead(seen.Hash, e.Message);
                }
                finally
                {
                    Done(catalog, backlog, seen);
                }
            }
        }
        finally
        {
            fetcher.Published -= OnPublished;
        }
    }

    private static void Done(ArchiveCatalog catalog, IndexBacklog backlog, (Origin Origin, ContentHash Hash) seen)
    {
        if (catalog.IsIndex(seen.Origin))
        {
            backlog.Done(seen.Origin, seen.Hash);
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
