using System.Diagnostics.Metrics;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Messages;
using AptP2P.Dht.Kademlia.Node;

namespace AptP2P.Dht.Kademlia;

/// <summary>The DHT's metrics.</summary>
internal sealed class KademliaMetrics : IDisposable
{
    public const string MeterName = "AptP2P.Dht.Kademlia";

    private readonly Meter _meter;
    private readonly Histogram<double> _duration;
    private readonly Histogram<int> _hops;
    private readonly Histogram<int> _queries;
    private readonly Histogram<int> _stalls;

    public KademliaMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _duration = _meter.CreateHistogram<double>("aptp2p.dht.lookup.duration", "s", "Time a look-up takes to its end");
        _hops = _meter.CreateHistogram<int>("aptp2p.dht.lookup.hops", "{node}", "Nodes one after the other that led to the nearest");
        _queries = _meter.CreateHistogram<int>("aptp2p.dht.lookup.queries", "{query}", "Queries a look-up sends");
        _stalls = _meter.CreateHistogram<int>(
            "aptp2p.dht.lookup.stalls", "{query}", "Queries of a look-up that it did not wait for to the end");
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

        var method = new KeyValuePair<string, object?>("method", report.Method switch
        {
            KrpcMethod.GetPeers => "get_peers",
            KrpcMethod.Get => "get",
            _ => "find_node",
        });
        _duration.Record(report.Duration.TotalSeconds, method, new KeyValuePair<string, object?>("completed", report.Completed));
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
        _meter.CreateObservableCounter("aptp2p.dht.bytes", () => InAndOut(traffic.BytesIn, traffic.BytesOut), "By", "Bytes of payload");
        _meter.CreateObservableCounter("aptp2p.dht.query.timeouts", () => traffic.Timeouts, "{query}", "Queries that got no answer");
        _meter.CreateObservableCounter("aptp2p.dht.query.answered", () => traffic.Answered, "{query}", "Queries answered");
        _meter.CreateObservableCounter<long>(
            "aptp2p.dht.dropped",
            () =>
            [
                new(traffic.Malformed, new KeyValuePair<string, object?>("reason", "malformed")),
                new(traffic.Unexpected, new KeyValuePair<string, object?>("reason", "unexpected")),
                new(traffic.Foreign, new KeyValuePair<string, object?>("reason", "foreign")),
                new(traffic.Refused, new KeyValuePair<string, object?>("reason", "refused")),
                new(traffic.NotSent, new KeyValuePair<string, object?>("reason", "not_sent")),
            ],
            "{datagram}",
            "Datagrams dropped, by reason");
        _meter.CreateObservableGauge<int>(
            "aptp2p.dht.nodes",
            () => [.. node.Families.All.Select(static family => new Measurement<int>(
                family.Table.Count, new KeyValuePair<string, object?>("family", family.IsV6 ? "ipv6" : "ipv4")))],
            "{node}",
            "Nodes in the routing table");
        _meter.CreateObservableGauge<int>(
            "aptp2p.dht.stored",
            () =>
            [
                new(node.Counts.StoredKeys, new KeyValuePair<string, object?>("what", "keys")),
                new(node.Counts.StoredContacts, new KeyValuePair<string, object?>("what", "contacts")),
                new(node.Counts.StoredItems, new KeyValuePair<string, object?>("what", "items")),
            ],
            "{entry}",
            "What is kept for others");
        _meter.CreateObservableGauge("aptp2p.dht.announced", () => node.Counts.Announced, "{content}", "Contents this node announces");
        _meter.CreateObservableGauge("aptp2p.dht.network_size", () => node.Counts.NetworkSize, "{node}", "Estimated nodes in the network");
    }

    public void Dispose() => _meter.Dispose();

    private static Measurement<long>[] InAndOut(long received, long sent) =>
    [
        new(received, new KeyValuePair<string, object?>("direction", "in")),
        new(sent, new KeyValuePair<string, object?>("direction", "out")),
    ];
}
