using System.Diagnostics.Metrics;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Node;

namespace AptP2P.Dht.Kademlia;

/// <summary>The DHT's metrics.</summary>
internal sealed class KademliaMetrics : IDisposable
{
    public const string MeterName = "AptP2P.Dht.Kademlia";

    private static readonly InstrumentAdvice<int> Queries = new() { HistogramBucketBoundaries = [0, 1, 2, 4, 8, 16, 32, 64, 128] };

    private readonly Meter _meter;
    private readonly Histogram<double> _duration;
    private readonly Histogram<int> _hops;
    private readonly Histogram<int> _queries;
    private readonly Histogram<int> _stalls;

    public KademliaMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _duration = _meter.CreateHistogram(
            "aptp2p.dht.lookup.duration", "s", "Time a look-up takes to its end", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });
        _hops = _meter.CreateHistogram(
            "aptp2p.dht.lookup.hops", "{node}", "Nodes one after the other that led to the nearest", tags: null,
            new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 3, 4, 5, 6, 8, 10, 15] });
        _queries = _meter.CreateHistogram("aptp2p.dht.lookup.queries", "{query}", "Queries a look-up sends", tags: null, Queries);
        _stalls = _meter.CreateHistogram(
            "aptp2p.dht.lookup.stalls", "{query}", "Queries of a look-up that it did not wait for to the end", tags: null, Queries);
    }

    /// <summary>Look-ups that have ended since the start.</summary>
    public long Lookups { get; private set; }

    /// <summary>How long it took lately to find who has something.</summary>
    public LookupTimes Times { get; } = new();

    public void LookupEnded(LookupReport report)
    {
        Lookups++;
        if (report is { Method: KrpcMethod.GetPeers, Completed: true })
        {
            Times.Add(report.Duration);
        }

        var method = new KeyValuePair<string, object?>("aptp2p.method", report.Method switch
        {
            KrpcMethod.GetPeers => "get_peers",
            KrpcMethod.Get => "get",
            _ => "find_node",
        });
        _duration.Record(report.Duration.TotalSeconds, method, new KeyValuePair<string, object?>("aptp2p.completed", report.Completed));
        _hops.Record(report.Hops, method);
        _queries.Record(report.Queries, method);
        _stalls.Record(report.Stalls, method);
    }

    /// <summary>Begins to report a node's counts.</summary>
    public void Watch(KademliaNode node)
    {
        var traffic = node.Traffic;
        _meter.CreateObservableCounter(
            "aptp2p.dht.datagrams", () => InAndOut(traffic.PacketsIn, traffic.PacketsOut), "{datagram}", "Datagrams sent and received");
        _meter.CreateObservableCounter("aptp2p.dht.io", () => InAndOut(traffic.BytesIn, traffic.BytesOut), "By", "Bytes of payload");
        _meter.CreateObservableCounter("aptp2p.dht.query.timeouts", () => traffic.Timeouts, "{query}", "Queries that got no answer");
        _meter.CreateObservableCounter("aptp2p.dht.query.answered", () => traffic.Answered, "{query}", "Queries answered");
        _meter.CreateObservableCounter<long>(
            "aptp2p.dht.dropped",
            () =>
            [
                new(traffic.Malformed, new KeyValuePair<string, object?>("aptp2p.reason", "malformed")),
                new(traffic.Unexpected, new KeyValuePair<string, object?>("aptp2p.reason", "unexpected")),
                new(traffic.Foreign, new KeyValuePair<string, object?>("aptp2p.reason", "foreign")),
                new(traffic.Refused, new KeyValuePair<string, object?>("aptp2p.reason", "refused")),
                new(traffic.NotSent, new KeyValuePair<string, object?>("aptp2p.reason", "not_sent")),
            ],
            "{datagram}",
            "Datagrams dropped, by reason");
        _meter.CreateObservableUpDownCounter<int>(
            "aptp2p.dht.node.count",
            () => [.. node.Families.All.Select(static family => new Measurement<int>(
                family.Table.Count, new KeyValuePair<string, object?>("network.type", family.IsV6 ? "ipv6" : "ipv4")))],
            "{node}",
            "Nodes in the routing table");
        _meter.CreateObservableUpDownCounter<int>(
            "aptp2p.dht.stored",
            () =>
            [
                new(node.Counts.StoredKeys, new KeyValuePair<string, object?>("aptp2p.kind", "key")),
                new(node.Counts.StoredContacts, new KeyValuePair<string, object?>("aptp2p.kind", "contact")),
                new(node.Counts.StoredItems, new KeyValuePair<string, object?>("aptp2p.kind", "item")),
            ],
            "{entry}",
            "What is kept for others");
        _meter.CreateObservableUpDownCounter(
            "aptp2p.dht.announced", () => node.Counts.Announced, "{content}", "Contents this node announces");
        _meter.CreateObservableGauge("aptp2p.dht.network_size", () => node.Counts.NetworkSize, "{node}", "Estimated nodes in the network");
    }

    public void Dispose() => _meter.Dispose();

    private static Measurement<long>[] InAndOut(long received, long sent) =>
    [
        new(received, new KeyValuePair<string, object?>("network.io.direction", "receive")),
        new(sent, new KeyValuePair<string, object?>("network.io.direction", "transmit")),
    ];
}
