using System.Globalization;
using AptP2P.Dht.Kademlia.Lookups;
using AptP2P.Dht.Kademlia.Messages;

namespace AptP2P.Dht.Kademlia.Tests.Simulation;

/// <summary>How a number of searches went.</summary>
internal sealed class LookupStatistics(int nodes)
{
    private readonly List<TimeSpan> _first = [];
    private readonly List<TimeSpan> _done = [];
    private readonly List<LookupReport> _reports = [];
    private long _datagrams;

    public int Searches => _done.Count;

    /// <summary>Searches that found the peer that announced.</summary>
    public int Found { get; private set; }

    public double Share => (double)Found / Searches;

    public TimeSpan DoneMedian => _done.Percentile(0.5);

    public TimeSpan Done95 => _done.Percentile(0.95);

    public double Queries => _reports.Average(static report => report.Queries);

    public void Add(SimulatedSearch search, bool found, IEnumerable<LookupReport> reports, long datagrams)
    {
        Found += found ? 1 : 0;
        _done.Add(search.Done ?? TimeSpan.MaxValue);
        _first.AddRange(search.First is { } first ? [first] : []);
        _reports.AddRange(reports.Where(static report => report.Method == KrpcMethod.GetPeers));
        _datagrams += datagrams;
    }

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Found}/{Searches} found; first {Milliseconds(_first, 0.5)}/{Milliseconds(_first, 0.95)} ms, done "
            + $"{Milliseconds(_done, 0.5)}/{Milliseconds(_done, 0.95)} ms (median/p95); "
            + $"{_reports.Average(static report => report.Hops):F2} hops, {Queries:F1} queries, {_datagrams / (double)Searches:F0} "
            + $"datagrams; log2(n) = {Math.Log2(nodes):F1}");

    private static double Milliseconds(List<TimeSpan> times, double share) =>
        times.Count == 0 ? double.NaN : Math.Round(times.Percentile(share).TotalMilliseconds);
}
