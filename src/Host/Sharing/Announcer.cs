using System.Threading.Channels;
using AptP2P.Host.Catalog.Archives;
using AptP2P.Host.Catalog.Database;
using AptP2P.Host.Fetching;
using AptP2P.Host.Storage.Checking;
using AptP2P.Host.Storage.Files;
using Microsoft.Extensions.Options;

namespace AptP2P.Host.Sharing;

/// <summary>
/// Keeps what the peer stores announce in step with what is stored and shared. It reviews all of it at the start, from time to time, when
/// an archive has become public or private, and when indexes were learned, which may have replaced versions that are stored. A content that
/// was fetched is announced at once; one that was damaged or made room for others is withdrawn. To repeat announcements is the peer
/// stores' own task.
/// </summary>
internal sealed class Announcer(
    IContentStore store, StoreCheck check, PeerStores peerStores, Fetcher fetcher, ShareList shares, IOptions<SharingOptions> options,
    TimeProvider time, PublicArchives? publicArchives = null, CatalogWriter? catalog = null) : BackgroundService, IHostedLifecycleService
{
    private const int Backlog = 10_000; // contents fetched while announcing hangs; the next review finds those for which there was no room

    /// <summary>How soon what was learned is looked at: an update of apt's brings many indexes, one after the other.</summary>
    internal static readonly TimeSpan Gathering = TimeSpan.FromSeconds(5);

    private readonly HashSet<ContentHash> _announced = [];
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly Channel<(ContentHash Hash, Announcement? New)> _fresh = Channel.CreateBounded<(ContentHash, Announcement?)>(
        new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private bool _isReviewed;
    private ITimer? _gathering;
    private int _hasLearned; // 1 while the timer runs

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        fetcher.Published += OnPublished;
        check.Removed += OnRemoved;
        if (store is FileContentStore files)
        {
            files.Removed += OnRemoved; // what a plugin's store removes is found by the next review
        }

        if (publicArchives is not null)
        {
            publicArchives.Changed += OnChanged;
        }

        _gathering = time.CreateTimer(_ => OnGathered(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (catalog is not null)
        {
            catalog.Changed += OnLearned;
        }

        try
        {
            await _started.Task.WaitAsync(stoppingToken); // peer stores remember what they announced, and listen to nobody before
            while (true)
            {
                await ReviewAsync(stoppingToken);
                using var pause = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                var due = Task.WhenAny(
                    Task.Delay(options.Value.Review, time, pause.Token), _changes.Reader.WaitToReadAsync(pause.Token).AsTask());
                while (!due.IsCompleted)
                {
                    await AnnounceFreshAsync(stoppingToken);
                    await Task.WhenAny(due, _fresh.Reader.WaitToReadAsync(pause.Token).AsTask());
                    stoppingToken.ThrowIfCancellationRequested();
                }

                _changes.Reader.TryRead(out _); // before it is looked at, so that a later change is not missed

                await pause.CancelAsync();
            }
        }
        finally
        {
            if (catalog is not null)
            {
                catalog.Changed -= OnLearned;
            }

            if (publicArchives is not null)
            {
                publicArchives.Changed -= OnChanged;
            }

            if (store is FileContentStore finished)
            {
                finished.Removed -= OnRemoved;
            }

            check.Removed -= OnRemoved;
            fetcher.Published -= OnPublished;
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _started.TrySetResult();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Dispose()
    {
        _gathering?.Dispose();
        base.Dispose();
    }

    internal void OnChanged() => _changes.Writer.TryWrite(true);

    private void OnLearned()
    {
        if (Interlocked.Exchange(ref _hasLearned, 1) == 0)
        {
            _gathering?.Change(Gathering, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnGathered()
    {
        Volatile.Write(ref _hasLearned, 0);
        OnChanged();
    }

    internal void OnPublished(Content content, PieceList? pieces)
    {
        shares.Add(content);
        _fresh.Writer.TryWrite((content.Hash, new Announcement(content.Hash, content.Length, pieces)));
    }

    internal void OnRemoved(ContentHash hash) => _fresh.Writer.TryWrite((hash, null));

    internal async Task AnnounceFreshAsync(CancellationToken cancellationToken)
    {
        while (_fresh.Reader.TryRead(out var fresh))
        {
            await (
                fresh.New is { } announcement
                    ? AnnounceAsync(announcement, cancellationToken)
                    : WithdrawAsync(fresh.Hash, cancellationToken));
        }
    }

    internal async Task ReviewAsync(CancellationToken cancellationToken)
    {
        var stored = await shares.ReviewAsync(store, cancellationToken);
        if (!_isReviewed)
        {
            _isReviewed = true;
            await peerStores.KeepOnlyAsync(stored.Where(shares.IsShared), cancellationToken);
        }

        foreach (var gone in _announced.Where(hash => !stored.Contains(hash) || !shares.IsShared(hash)).ToList())
        {
            await WithdrawAsync(gone, cancellationToken);
        }

        if (stored.Any(hash => shares.IsShared(hash) && !_announced.Contains(hash)))
        {
            await foreach (var content in store.ListAsync(cancellationToken))
            {
                await AnnounceAsync(new Announcement(content.Hash, content.Length, content.Pieces), cancellationToken);
            }
        }
    }

    private async Task WithdrawAsync(ContentHash hash, CancellationToken cancellationToken)
    {
        if (_announced.Remove(hash))
        {
            await peerStores.WithdrawAsync(hash, cancellationToken);
        }
    }

    private async Task AnnounceAsync(Announcement announcement, CancellationToken cancellationToken)
    {
        if (shares.IsShared(announcement.Hash) && _announced.Add(announcement.Hash))
        {
            await peerStores.AnnounceAsync(announcement, cancellationToken);
        }
    }
}
