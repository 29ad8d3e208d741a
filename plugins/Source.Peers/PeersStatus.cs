using System.Collections.Immutable;
using AptP2P.Source.Peers.Configuration;
using AptP2P.Source.Peers.Fetching;
using AptP2P.Source.Peers.Reputation;
using AptP2P.Source.Peers.Serving;
using Microsoft.Extensions.Options;

namespace AptP2P.Source.Peers;

/// <summary>What the status page says of peers.</summary>
internal sealed class PeersStatus(
    FetchMetrics fetched, UploadMetrics uploads, PeerReputation reputation, IOptions<PeersOptions> options) : IStatusSection
{
    private const int Shown = 10; // refusals: enough to see what it is about

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
            new StatusTable(
                "refusals",
                "Why they are refused",
                [new("why", "What they did"), new("times", "Times"), new("until", "Until")],
                [.. refused.Take(Shown).Select(pause => ImmutableArray.Create<object?>(pause.Why, pause.Count, pause.Until))]),
        ]);
    }
}
