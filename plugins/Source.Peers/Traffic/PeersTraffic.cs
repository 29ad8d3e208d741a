using System.Diagnostics.Metrics;

namespace AptP2P.Source.Peers.Traffic;

/// <summary>The one counter of bytes in both directions, which those who fetch and those who serve share.</summary>
internal static class PeersTraffic
{
    public const string Meter = "AptP2P.Source.Peers";

    public static readonly KeyValuePair<string, object?> Receive = new("network.io.direction", "receive");
    public static readonly KeyValuePair<string, object?> Transmit = new("network.io.direction", "transmit");

    /// <summary>Makes the counter, or gives the one that is made: a meter has one of each name.</summary>
    public static Counter<long> Create(IMeterFactory factory) =>
        factory.Create(Meter).CreateCounter<long>("aptp2p.peer.io", "By", "Bytes of contents that came from peers and went to them");
}
