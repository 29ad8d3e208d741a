using AptP2P.Host.Fetching.Channels;
using AptP2P.Host.Proxy.Answers;

namespace AptP2P.Host.Proxy.Accounting;

/// <summary>The section of the status page that says what was fetched from where.</summary>
internal sealed class DownloadStatus(AnswerMetrics proxy, FetchMetrics fetches) : IStatusSection
{
    public string Key => "downloads";

    public string Title => "Downloads";

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken) => new(
    [
        new StatusValue("mirrorBytes", "From mirrors, files", fetches.OriginBytes, StatusUnit.Bytes),
        new StatusValue("peerBytes", "From peers", fetches.PeerBytes, StatusUnit.Bytes),
        new StatusValue("storeBytes", "From the store", proxy.BytesFrom(ServedFrom.Hit), StatusUnit.Bytes),
        new StatusValue("passedBytes", "From mirrors, passed through", proxy.BytesFrom(ServedFrom.Miss), StatusUnit.Bytes),
        new StatusValue("staleBytes", "Last copies, mirror away", proxy.BytesFrom(ServedFrom.Stale), StatusUnit.Bytes),
        new StatusValue("peerShare", "Share of peers", Share(fetches.PeerBytes, fetches.OriginBytes), StatusUnit.Ratio),
        new StatusValue("fetched", "Files fetched", fetches.Completed),
        new StatusValue("failed", "Fetches failed", fetches.Failed),
        new StatusValue("hits", "Answers from the store", proxy.AnswersFrom(ServedFrom.Hit)),
        new StatusValue("passed", "Answers passed through", proxy.AnswersFrom(ServedFrom.Miss)),
        new StatusTable(
            "recent",
            "Last answers",
            [
                new("time", "When"), new("file", "File"), new("from", "From"), new("bytes", "Size", StatusUnit.Bytes),
                new("mirrorBytes", "Mirror", StatusUnit.Bytes), new("peerBytes", "Peers", StatusUnit.Bytes),
            ],
            [.. proxy.Recent.Select(answer => (System.Collections.Immutable.ImmutableArray<object?>)
                [answer.Time, answer.File, answer.From.ToHeader(), answer.Bytes, answer.OriginBytes, answer.PeerBytes])]),
    ]);

    private static double? Share(long part, long rest) => part + rest == 0 ? null : (double)part / (part + rest);
}
