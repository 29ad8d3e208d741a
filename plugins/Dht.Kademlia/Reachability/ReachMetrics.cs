using System.Diagnostics.Metrics;
using System.Net.Sockets;

namespace AptP2P.Dht.Kademlia.Reachability;

/// <summary>The metrics of being reached.</summary>
internal sealed class ReachMetrics : IDisposable
{
    public const string MeterName = "AptP2P.Dht.Kademlia.Reachability";

    private readonly Meter _meter;
    private readonly Counter<long> _answered;

    public ReachMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _answered = _meter.CreateCounter<long>(
            "aptp2p.reach.answered", "{request}", "Requests of others about being reached, by what became of them");
    }

    /// <param name="outcome">yes, no, refused, malformed, too_many, hello.</param>
    public void Answered(string outcome) => _answered.Add(1, new KeyValuePair<string, object?>("aptp2p.outcome", outcome));

    /// <summary>Begins to report whether this node is reached.</summary>
    public void Watch(IReadOnlyList<ReachWatch> watches) => _meter.CreateObservableUpDownCounter<int>(
        "aptp2p.reach.reached",
        () => [.. watches.SelectMany(static watch => Measure(watch))],
        "{port}",
        "Ports of this node that others reach, as they say: 1 or 0 for each family and protocol");

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<int>> Measure(ReachWatch watch)
    {
        var family = new KeyValuePair<string, object?>("network.type", watch.Family == AddressFamily.InterNetwork ? "ipv4" : "ipv6");
        yield return new(watch.State.Tcp == true ? 1 : 0, family, new KeyValuePair<string, object?>("network.transport", "tcp"));
        yield return new(watch.State.Udp == true ? 1 : 0, family, new KeyValuePair<string, object?>("network.transport", "udp"));
    }
}
