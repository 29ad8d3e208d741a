using System.Diagnostics.Metrics;

namespace AptP2P.Neighbours.Lan.Listening;

/// <summary>What was said and heard on the LAN.</summary>
internal sealed class LanMetrics
{
    public const string Meter = "AptP2P.Neighbours.Lan";

    private static readonly KeyValuePair<string, object?> Transmit = new("network.io.direction", "transmit");
    private static readonly KeyValuePair<string, object?> Receive = new("network.io.direction", "receive");
    private static readonly KeyValuePair<string, object?> Own = new("aptp2p.kind", "own");

    private readonly Counter<long> _datagrams;
    private readonly long[] _counts = new long[Enum.GetValues<Heard>().Length];
    private long _sentCount;

    public LanMetrics(IMeterFactory factory, Neighbourhood neighbourhood)
    {
        var meter = factory.Create(Meter);
        _datagrams = meter.CreateCounter<long>(
            "aptp2p.lan.datagrams", "{datagram}", "Datagrams of local service discovery, by what they were");
        meter.CreateObservableUpDownCounter(
            "aptp2p.lan.neighbour.count", () => neighbourhood.Current.Count, "{node}", "Neighbours that are there now");
    }

    /// <summary>Datagrams sent since the start.</summary>
    public long SentCount => Interlocked.Read(ref _sentCount);

    /// <summary>Signs of life of neighbours.</summary>
    public long Received => Of(Heard.Neighbour);

    /// <summary>What was no neighbour's, without our own.</summary>
    public long Dropped => Of(Heard.Malformed) + Of(Heard.OtherNetwork) + Of(Heard.Refused) + Of(Heard.TooMany);

    public void Sent(int datagrams)
    {
        Interlocked.Add(ref _sentCount, datagrams);
        _datagrams.Add(datagrams, Transmit, Own);
    }

    public void Count(Heard what)
    {
        Interlocked.Increment(ref _counts[(int)what]);
        _datagrams.Add(1, Receive, what == Heard.Own ? Own : new KeyValuePair<string, object?>("aptp2p.kind", what switch
        {
            Heard.Neighbour => "neighbour",
            Heard.OtherNetwork => "other_network",
            Heard.Malformed => "malformed",
            Heard.Refused => "refused",
            _ => "too_many",
        }));
    }

    private long Of(Heard what) => Interlocked.Read(ref _counts[(int)what]);
}
