using System.Collections.Immutable;
using AptP2P.Source.Peers.Addresses;
using AptP2P.Source.Peers.Configuration;
using AptP2P.Source.Peers.Fetching;
using AptP2P.Source.Peers.Ledger;
using AptP2P.Source.Peers.Reputation;
using AptP2P.Source.Peers.Serving;
using Microsoft.Extensions.Options;

namespace AptP2P.Source.Peers;

/// <summary>What the status page says of peers.</summary>
internal sealed class PeersStatus(
    FetchMetrics fetched, UploadMetrics uploads, PeerLedger ledger, PeerReputation reputation, OwnAddresses own,
    IOptions<PeersOptions> options) : IStatusSection
{
    private const int ShownPeers = 50; // the page keeps tables short
    private const int ShownRefusals = 10; // enough to see what it is about

    private static readonly ImmutableArray<StatusColumn> PeerColumns =
    [
        new("address", "Address"),
        new("network", "Where"),
        new("rate", "Speed", StatusUnit.BytesPerSecond),
        new("received", "Got from it", StatusUnit.Bytes),
        new("sent", "Given to it", StatusUnit.Bytes),
        new("seen", "Last byte"),
        new("state", "State"),
    ];

    private static readonly ImmutableArray<StatusColumn> RefusalColumns =
        [new("address", "Address"), new("why", "What it did"), new("times", "Times"), new("until", "Until")];

    public string Key => "peers";

    public string Title => "Peers";

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken)
    {
        var refused = reputation.Refused.Running;
        return new(
        [
            new StatusValue("mode", "Mode", options.Value.Fetch ? "normal" : "seed"),
            new StatusValue("received", "Received from peers", fetched.BytesReceived, StatusUnit.Bytes),
            new StatusValue("sent", "Sent to peers", uploads.BytesSent, StatusUnit.Bytes),
            new StatusValue("uploads", "Answers running", uploads.Uploading),
            new StatusValue("known", "Peers that were good lately", reputation.Good.Count),
            new StatusValue("neighbours", "Neighbours that are asked first", reputation.Neighbours.Count),
            new StatusValue("refused", "Peers refused for wrong bytes", refused.Count),
            new StatusTable("peers", "Peers of the last hour, the busiest first", PeerColumns, Peers()),
            new StatusTable(
                "refusals",
                "Why they are refused",
                RefusalColumns,
                [
                    .. refused.Take(ShownRefusals).Select(
                        pause => ImmutableArray.Create<object?>(pause.Key.ToString(), pause.Why, pause.Count, pause.Until)),
                ]),
        ]);
    }

    private ImmutableArray<ImmutableArray<object?>> Peers()
    {
        var neighbours = reputation.Neighbours.Select(static peer => peer.Address).ToHashSet();
        var good = reputation.GoodParties;
        return
        [
            .. ledger.Balances.Take(ShownPeers).Select(peer => ImmutableArray.Create<object?>(
                peer.Address.ToString(),
                own.DistanceOf(peer.Address) switch
                {
                    ChannelDistance.SameHost => "this machine",
                    ChannelDistance.Other when !neighbours.Contains(peer.Address) => "elsewhere",
                    _ => "this network",
                },
                peer.Rate,
                peer.Received,
                peer.Sent,
                peer.Seen,
                reputation.Refused.IsPaused(peer.Party) ? "refused" : good.Contains(peer.Party) ? "good" : null)),
        ];
    }
}
