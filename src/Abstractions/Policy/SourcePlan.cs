namespace AptP2P;

/// <summary>Which sources may work now.</summary>
/// <param name="Origin">Whether the origin is asked. Once asked it may finish what it is doing; no new range is asked of it while this is
/// <see langword="false"/>.</param>
/// <param name="Peers">How far to go for peers. It never shrinks: a search that has begun continues.</param>
/// <param name="AskAgain">When to decide again if nothing else happens before; <see langword="null"/> for never.</param>
/// <param name="Shared">Whether to ask the origin only for this node's part, and leave the others' parts to those who are getting the
/// content too.</param>
/// <param name="Origins">
/// How many of a content's origins may work while <see cref="Origin"/> is set, those that failed not counted. The others wait for their
/// turn in the order of preference.
/// </param>
public readonly record struct SourcePlan(bool Origin, PeerUse Peers, TimeSpan? AskAgain = null, bool Shared = false, int Origins = 1)
{
    /// <summary>
    /// Whether the fetch waited for peers and they give too little. Later fetches are told so for some time
    /// (<see cref="FetchState.PeersLate"/>).
    /// </summary>
    public bool PeersLate { get; init; }
}
