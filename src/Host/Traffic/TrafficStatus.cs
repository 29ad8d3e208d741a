using System.Collections.Immutable;

namespace AptP2P.Host.Traffic;

/// <summary>
/// The section of the status page that says what the daemon was worth: what mirrors did not have to send, and what others got.
/// </summary>
internal sealed class TrafficStatus(TrafficHistory history) : IStatusSection
{
    private static readonly ImmutableArray<StatusColumn> Series =
    [
        new("store", "To apt from the store"), new("peers", "To apt from peers"), new("mirror", "To apt from mirrors"),
        new("sent", "To other nodes"),
    ];

    public string Key => "traffic";

    public string Title => "What it was worth";

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken)
    {
        var traffic = history.Read();
        return new(
        [
            .. Values("today", "today", traffic.Today),
            .. Values("all", "in all", traffic.All),
            .. Values("session", "since the start", traffic.Session),
            new StatusValue("allSince", "Counted in all since", traffic.Since),
            new StatusHistory("rates", "Bytes per second", StatusUnit.BytesPerSecond, Series, traffic.Spans),
        ]);
    }

    private static StatusValue[] Values(string key, string when, TrafficCount count) =>
    [
        new($"{key}Saved", $"Not sent by mirrors, {when}", count.Store + count.Peers, StatusUnit.Bytes),
        new($"{key}Store", $"From the store, {when}", count.Store, StatusUnit.Bytes),
        new($"{key}Peers", $"From peers, {when}", count.Peers, StatusUnit.Bytes),
        new($"{key}Mirror", $"From mirrors, {when}", count.Mirror, StatusUnit.Bytes),
        new($"{key}Sent", $"To other nodes, {when}", count.Sent, StatusUnit.Bytes),
    ];
}
