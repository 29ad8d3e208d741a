using System.Diagnostics.Metrics;

namespace AptP2P.Neighbours.Lan.Listening;

/// <summary>What was said and heard on the LAN.</summary>
internal sealed class LanMetrics
{
    public const string Meter = "AptP2P.Neighbours.Lan";

    private readonly Counter<long> _sent;
    private readonly Counter<long> _received;
    private readonly long[] _counts = new long[Enum.GetValues<Heard>().Length];
    private long _sentCount;

    public LanMetrics(IMeterFactory factory, Neighbourhood neighbourhood)
    {
        var meter = factory.Create(Meter);
        _sent = meter.CreateCounter<long>("aptp2p.lan.sent", "{datagram}", "Datagrams that said to neighbours that this node is there");
        _received = meter.CreateCounter<long>(
            "aptp2p.lan.received", "{datagram}", "Datagrams of local service discovery, by what they were");
        meter.CreateObservableGauge("aptp2p.lan.neighbours", () => neighbourhood.Current.Count, "{node}", "Neighbours that are there now");
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
        _sent.Add(datagrams);
    }

    public void Count(Heard what)
    {
        Interlocked.Increment(ref _counts[(int)what]);
        _received.Add(1, new KeyValuePair<string, object?>("what", what switch
        {
            Heard.Neighbour => "neighbour",
            Heard.Own => "own",
            Heard.OtherNetwork => "other_network",
            Heard.Malformed => "malformed",
            Heard.Refused => "refused",
            _ => "too_many",
        }));
    }

    private long Of(Heard what) => Interlocked.Read(ref _counts[(int)what]);
}
