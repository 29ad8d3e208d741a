using AptP2P.Dht.Kademlia.Messages;

namespace AptP2P.Dht.Kademlia.Lookups;

/// <summary>What a look-up is for.</summary>
internal interface ILookupSink
{
    /// <summary>Whether it has found what it is for; else nodes that stalled get a second chance before the end.</summary>
    bool IsSatisfied { get; }

    /// <summary>A node has answered; the message is gone after the call.</summary>
    void Answered(Lookup lookup, Candidate candidate, in KrpcMessage answer);

    /// <summary>The nearest nodes have answered, or the look-up was ended. Called once.</summary>
    void Ended(Lookup lookup);
}

/// <summary>How a look-up went.</summary>
/// <param name="Method">What was asked of the nodes.</param>
/// <param name="Duration">From its start to its end.</param>
/// <param name="Hops">How many nodes one after the other led to the nearest that answered.</param>
/// <param name="Queries">Queries sent.</param>
/// <param name="Stalls">Queries that took longer than answers do.</param>
/// <param name="Completed">Whether it went on until its end; else the caller had enough.</param>
internal readonly record struct LookupReport(
    KrpcMethod Method, TimeSpan Duration, int Hops, int Queries, int Stalls, bool Completed);
