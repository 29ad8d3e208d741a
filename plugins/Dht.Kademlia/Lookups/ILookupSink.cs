using AptP2P.Dht.Kademlia.Messages;

namespace AptP2P.Dht.Kademlia.Lookups;

/// <summary>The purpose of a look-up: hears of the answers and of the end.</summary>
internal interface ILookupSink
{
    /// <summary>Whether it has what it wants. If not, nodes that stalled are asked once more before the end.</summary>
    bool IsSatisfied { get; }

    /// <summary>A node has answered. The message is valid only during the call.</summary>
    void Answered(Lookup lookup, Candidate candidate, in KrpcMessage answer);

    /// <summary>The nearest nodes have answered, or the look-up was cancelled. Called once.</summary>
    void Ended(Lookup lookup);
}

/// <summary>How a look-up went.</summary>
/// <param name="Method">What was asked of the nodes.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Hops">How many nodes, one after the other, led to the nearest that answered.</param>
/// <param name="Queries">Queries sent.</param>
/// <param name="Stalls">Queries that stalled.</param>
/// <param name="Completed">Whether it went on to its end. If not, it was cancelled.</param>
internal readonly record struct LookupReport(
    KrpcMethod Method, TimeSpan Duration, int Hops, int Queries, int Stalls, bool Completed);
