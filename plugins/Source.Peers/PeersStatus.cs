using AptP2P.Source.Peers.Memory;
using Microsoft.Extensions.Options;

namespace AptP2P.Source.Peers;

/// <summary>What the status page says of peers.</summary>
internal sealed class PeersStatus(PeersMetrics metrics, Reputation reputation, IOptions<PeersOptions> options) : IStatusSection
{
    public string Key => "peers";

    public string Title => "Peers";

    public ValueTask<IReadOnlyList<StatusItem>> ReadAsync(CancellationToken cancellationToken) => new(
    [
        new StatusValue("mode", "Mode", options.Value.Fetch ? "normal" : "seed"),
        new StatusValue("received", "Received from peers", metrics.BytesReceived, StatusUnit.Bytes),
        new StatusValue("sent", "Sent to peers", metrics.BytesSent, StatusUnit.Bytes),
        new StatusValue("uploads", "Answers running", metrics.Uploading),
        new StatusValue("known", "Peers that were good lately", reputation.Good.Count),
        new StatusValue("refused", "Peers refused for wrong bytes", reputation.Refused.RunningCount),
    ]);
}
