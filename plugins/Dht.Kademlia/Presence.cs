using AptP2P.Dht.Kademlia.Meeting;
using AptP2P.Dht.Kademlia.Node;
using Microsoft.Extensions.Logging;

namespace AptP2P.Dht.Kademlia;

/// <summary>Logs when the node has joined the network, and when nobody there answers any more.</summary>
/// <param name="patience">After how long without an answer the network counts as lost.</param>
/// <param name="logger">The log.</param>
internal sealed partial class Presence(TimeSpan patience, ILogger logger)
{
    private bool _isIn;

    /// <summary>Looks whether that has changed. To be called regularly.</summary>
    public void Look(KademliaNode node, OwnNetwork own)
    {
        var isIn = node.HasHeard(patience);
        if (isIn && !_isIn)
        {
            LogJoined(
                node.Families.All.Sum(static family => family.Table.Count), own.FoundBy());
        }
        else if (!isIn && _isIn)
        {
            LogAlone(patience.TotalMinutes);
        }

        _isIn = isIn;
    }

    [LoggerMessage(2005, LogLevel.Information, "In the DHT: {Nodes} nodes are known and answer (found by {Ways})")]
    private partial void LogJoined(int nodes, string ways);

    [LoggerMessage(
        2006, LogLevel.Warning,
        "No node of the DHT has answered for {Minutes:0} minutes: until one does, only peers nearby or known from before are found")]
    private partial void LogAlone(double minutes);
}
