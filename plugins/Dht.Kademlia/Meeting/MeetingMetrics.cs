using System.Diagnostics.Metrics;
using AptP2P.Dht.Kademlia.Queries;

namespace AptP2P.Dht.Kademlia.Meeting;

/// <summary>What Mainline has to do with this node.</summary>
internal sealed class MeetingMetrics : IDisposable
{
    public const string MeterName = "AptP2P.Dht.Kademlia.Meeting";

    private readonly Meter _meter;

    public MeetingMetrics(IMeterFactory meters) => _meter = meters.Create(MeterName);

    /// <summary>Begins to report.</summary>
    public void Watch(Mainline mainline, MeetingPoint meeting)
    {
        _meter.CreateObservableCounter(
            "aptp2p.mainline.datagrams",
            () => InAndOut(mainline.Traffic, static traffic => traffic.PacketsIn, static traffic => traffic.PacketsOut),
            "{datagram}", "Datagrams to and from BitTorrent's Mainline DHT");
        _meter.CreateObservableCounter(
            "aptp2p.mainline.io",
            () => InAndOut(mainline.Traffic, static traffic => traffic.BytesIn, static traffic => traffic.BytesOut),
            "By", "Bytes of payload to and from BitTorrent's Mainline DHT");
        _meter.CreateObservableCounter("aptp2p.mainline.lookups", () => meeting.Looks, "{lookup}", "Look-ups in Mainline");
    }

    public void Dispose() => _meter.Dispose();

    private static Measurement<long>[] InAndOut(Traffic? traffic, Func<Traffic, long> received, Func<Traffic, long> sent) =>
        traffic is null
            ? []
            : [
                new(received(traffic), new KeyValuePair<string, object?>("network.io.direction", "receive")),
                new(sent(traffic), new KeyValuePair<string, object?>("network.io.direction", "transmit")),
            ];
}
