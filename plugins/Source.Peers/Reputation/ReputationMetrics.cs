using System.Diagnostics.Metrics;
using AptP2P.Source.Peers.Traffic;
using Microsoft.Extensions.Hosting;

namespace AptP2P.Source.Peers.Reputation;

/// <summary>What is thought of peers, for OpenTelemetry: reported from the start on.</summary>
internal sealed class ReputationMetrics(IMeterFactory factory, PeerReputation reputation) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = factory.Create(PeersTraffic.Meter);
        meter.CreateObservableUpDownCounter<int>(
            "aptp2p.peer.count",
            () =>
            [
                new(reputation.Good.Count, Kind("good")),
                new(reputation.Neighbours.Count, Kind("neighbour")),
                new(reputation.Refused.Running.Count, Kind("refused")),
            ],
            "{peer}",
            "Peers that are remembered, by what is thought of them");
        meter.CreateObservableCounter<long>(
            "aptp2p.peer.refusals",
            () =>
            [
                new(reputation.RefusedCount, new KeyValuePair<string, object?>("aptp2p.reason", "sent_wrong")),
                new(reputation.MisledCount, new KeyValuePair<string, object?>("aptp2p.reason", "passed_on_wrong")),
            ],
            "{refusal}",
            "How often a peer was refused, or what it only passes on");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static KeyValuePair<string, object?> Kind(string kind) => new("aptp2p.kind", kind);
}
