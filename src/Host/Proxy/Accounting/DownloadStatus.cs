using System.Collections.Immutable;
using AptP2P.Host.Catalog.Identifying;
using AptP2P.Host.Fetching;
using AptP2P.Host.Fetching.Channels;
using AptP2P.Host.Origins.Mirrors;
using AptP2P.Host.Proxy.Answers;

namespace AptP2P.Host.Proxy.Accounting;

/// <summary>
/// The section of the status page that says what is and was fetched from where, for whom, and which mirrors do not answer.
/// </summary>
internal sealed class DownloadStatus(
    AnswerMetrics proxy, FetchMetrics fetches, Fetcher fetcher, AptRuns runs, ArchiveCatalog catalog, OriginHealth origins,
    TimeProvider time) : IStatusSection
{
    private const int RunningShown = 50; // more than that nobody follows

    private static readonly ImmutableArray<StatusColumn> RunningColumns =
    [
        new("file", "File"), new("size", "Size", StatusUnit.Bytes), new("done", "Here", StatusUnit.Bytes),
        new("store", "From before", StatusUnit.Bytes), new("peers", "From peers", StatusUnit.Bytes),
        new("mirror", "From mirrors", StatusUnit.Bytes), new("rate", "Rate", StatusUnit.BytesPerSecond),
        new("left", "Time left", StatusUnit.Seconds), new("peersWorking", "Peers at work"), new("mirrorWorking", "Mirrors at work"),
        new("pieces", "Pieces"), new("piecesDone", "Pieces here"),
    ];

    private static readonly ImmutableArray<StatusColumn> RunColumns =
    [
        new("run", "Run"), new("began", "Began"), new("client", "Client"), new("kind", "Kind"), new("files", "Files"),
        new("bytes", "Size", StatusUnit.Bytes), new("seconds", "Took", StatusUnit.Seconds),
        new("store", "From the store", StatusUnit.Bytes), new("peers", "From peers", StatusUnit.Bytes),
        new("mirror", "From mirrors", StatusUnit.Bytes), new("sources", "Peers that gave"), new("active", "Under way"),
    ];

    private static readonly ImmutableArray<StatusColumn> RecentColumns =
    [
        new("time", "When"), new("file", "File"), new("from", "From"), new("bytes", "Size", StatusUnit.Bytes),
        new("mirrorBytes", "Mirror", StatusUnit.Bytes), new("peerBytes", "Peers", StatusUnit.Bytes), new("run", "Run"), new("name", "Name"),
    ];

    public string Key => "downloads";

    public string Title => "Downloads";

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken) => new(
    [
        .. OutageProblem.Of(origins.Outages.Current, time),
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
        new StatusTable("running", "Running downloads", RunningColumns, [.. Running()]),
        new StatusTable("runs", "Last runs of apt", RunColumns, [.. runs.Recent.Select(Row)]),
        new StatusTable("recent", "Last answers", RecentColumns, [.. proxy.Recent.Select(Row)]),
    ]);

    private IEnumerable<ImmutableArray<object?>> Running() =>
        fetcher.Running.OrderByDescending(fetch => fetch.Began).Take(RunningShown).Select(fetch => Row(fetch.View));

    private ImmutableArray<object?> Row(FetchView view) =>
    [
        TitleOf(view.Content), view.Content.Length, view.Done, view.StoreBytes, view.PeerBytes, view.OriginBytes, view.Rate,
        view.SecondsLeft, view.Peers, view.Origins, view.Pieces, view.PiecesDone,
    ];

    private static ImmutableArray<object?> Row(AptRunSummary run) =>
    [
        run.Number, run.Began, AptRuns.NameOf(run.Client), run.Kind, run.Files, run.Bytes, run.Seconds, run.StoreBytes, run.PeerBytes,
        run.MirrorBytes, run.Sources, run.IsActive,
    ];

    private ImmutableArray<object?> Row(ServedAnswer answer) =>
    [
        answer.Time, answer.File, answer.From.ToHeader(), answer.Bytes, answer.OriginBytes, answer.PeerBytes, answer.Run, TitleOf(answer),
    ];

    private string TitleOf(ServedAnswer answer)
    {
        if (answer.Title is not null || answer.Origin is not { } origin)
        {
            return answer.Title ?? answer.File;
        }

        answer.Title = catalog.TryTitle(origin, out var title) ? title : null; // the Release that names it may yet be read
        return title;
    }

    private string TitleOf(Content content)
    {
        if (content.Origins.IsDefaultOrEmpty)
        {
            return content.Hash.ToString();
        }

        catalog.TryTitle(content.Origins[0], out var title);
        return title;
    }

    private static double? Share(long part, long rest) => part + rest == 0 ? null : (double)part / (part + rest);
}
