using AptP2P.Dht.Kademlia.Addressing;

namespace AptP2P.Dht.Kademlia.Lookups;

/// <summary>How far a look-up has come with a candidate.</summary>
internal enum CandidateState
{
    Fresh,

    /// <summary>Asked, and waited for.</summary>
    Asked,

    /// <summary>
    /// Asked although it was silent lately. It takes no slot, and the end waits for it only while few others have answered.
    /// </summary>
    AskedSuspect,

    /// <summary>Asked, and no longer waited for. A late answer still counts.</summary>
    Stalled,
    Answered,
    Failed,
}

/// <summary>A node that a look-up has heard of.</summary>
internal sealed class Candidate(NodeId? id, UdpEndpoint endpoint, int hop)
{
    /// <summary><see langword="null"/> for a bootstrap node until it has answered.</summary>
    public NodeId? Id { get; set; } = id;

    public UdpEndpoint Endpoint { get; } = endpoint;

    /// <summary>How many nodes were asked one after the other to learn of it.</summary>
    public int Hop { get; } = hop;

    public CandidateState State { get; set; }

    /// <summary>
    /// Whether its id belongs to its address (BEP 42). If not, it does not count among the nearest, and nothing is stored on it.
    /// </summary>
    public bool Complies { get; set; } = id is null || BoundNodeId.Complies(id.Value, endpoint);

    /// <summary>The token that it gave us, to announce with.</summary>
    public byte[]? Token { get; set; }

    /// <summary>Whether it knows what we add to the protocol.</summary>
    public bool IsOurs { get; set; }

    /// <summary>Whether it has stalled and is asked again, this time as if it had not.</summary>
    public bool IsRevived { get; set; }

    public NodeId Distance { get; set; }

    /// <summary>Whether it may count among the k nearest: it has answered, or may still answer in time.</summary>
    public bool CanCount => Complies && State is (CandidateState.Fresh or CandidateState.Asked or CandidateState.Answered);

    public bool IsPending => State is CandidateState.Asked or CandidateState.AskedSuspect or CandidateState.Stalled;
}
