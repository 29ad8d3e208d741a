using System.Threading.Channels;
using AptP2P.Host.Fetching;

namespace AptP2P.Host.Sharing;

/// <summary>
/// Announces what this node is fetching, so that others who fetch the same at the same moment find it. Apart from <see cref="Announcer"/>,
/// whose queue may be long after an upgrade: these announcements help only at once.
/// </summary>
internal sealed class FetchAnnouncer(
    PeerStores peerStores, Fetcher fetcher, ShareList shares, ShareRules rules) : BackgroundService
{
    private const int Backlog = 1_000; // fetches of large files; one that finds no room here meets nobody

    private readonly Channel<(Content Content, bool HasFailed)> _fetches = Channel.CreateBounded<(Content, bool)>(
        new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (rules.Reach == PeerReach.Off)
        {
            return;
        }

        fetcher.Began += OnBegan;
        fetcher.Failed += OnFailed;
        try
        {
            await foreach (var (content, hasFailed) in _fetches.Reader.ReadAllAsync(stoppingToken))
            {
                if (hasFailed)
                {
                    await peerStores.WithdrawAsync(content.Hash, stoppingToken);
                }
                else if (fetcher.Find(content.Hash) is { Outcome.IsCompleted: false }) // else it is announced with its piece list by now
                {
                    await peerStores.AnnounceAsync(new Announcement(content.Hash, content.Length, Pieces: null), stoppingToken);
                }
            }
        }
        finally
        {
            fetcher.Began -= OnBegan;
            fetcher.Failed -= OnFailed;
        }
    }

    private void OnBegan(Content content) => Note(content, hasFailed: false);

    private void OnFailed(Content content) => Note(content, hasFailed: true);

    private void Note(Content content, bool hasFailed)
    {
        if (shares.IsShared(content))
        {
            _fetches.Writer.TryWrite((content, hasFailed));
        }
    }
}
