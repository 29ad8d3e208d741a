namespace AptP2P;

/// <summary>How a fetch stands, as a policy may see it.</summary>
public readonly record struct FetchState
{
    /// <summary>The content's length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>Since the fetch began.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Since the bytes that apt can read last grew, or the fetch began.</summary>
    public TimeSpan SinceProgress { get; init; }

    /// <summary>Peers found so far that have all of it, and have not failed.</summary>
    public int Peers { get; init; }

    /// <summary>How many of them are neighbours: on this machine or in the same local network, where bytes cost nothing.</summary>
    public int Neighbours { get; init; }

    /// <summary>
    /// Whether those who are known are being asked whether they have it, and no neighbour has said so yet. It takes neighbours a
    /// millisecond or two; where it took longer lately, or the origin is asked already, this is not set.
    /// </summary>
    public bool AwaitsNeighbours { get; init; }

    /// <summary>Since the first peer was ready to be asked for bytes; zero while there is none.</summary>
    public TimeSpan SincePeers { get; init; }

    /// <summary>
    /// Peers found so far that are getting it themselves at this moment, if the content is large enough to share that work.
    /// </summary>
    public int Crowd { get; init; }

    /// <summary>Bytes that peers have sent for this fetch: peers that were found may be gone, or silent.</summary>
    public long PeerBytes { get; init; }

    /// <summary>
    /// Whether peers were late the last times (<see cref="SourcePlan.PeersLate"/>), or gave nothing of what they were asked for, and none
    /// has done well since; or were known to be slower than the origin; or none has done well for minutes. They are not worth a wait then.
    /// </summary>
    public bool PeersLate { get; init; }

    /// <summary>Whether the latest fetches waited for searches that found nobody, and no search has found anybody since.</summary>
    public bool SearchesVain { get; init; }

    /// <summary>Whether the search for peers has been started and has ended.</summary>
    public bool SearchFinished { get; init; }

    /// <summary>Whether the origin can be asked at all (a fetch may have none).</summary>
    public bool HasOrigin { get; init; }

    /// <summary>Whether every channel to the origin has failed for good.</summary>
    public bool OriginFailed { get; init; }

    /// <summary>Whether peers gave wrong bytes for this content: now only the origin can be trusted with it.</summary>
    public bool PeersDistrusted { get; init; }

    /// <summary>Origins that may work now and have not failed; 0 before the first is asked.</summary>
    public int Origins { get; init; }

    /// <summary>Further origins of the same content, which have not been brought in.</summary>
    public int SpareOrigins { get; init; }

    /// <summary>Since an origin was last brought in, or the fetch began.</summary>
    public TimeSpan SinceOrigin { get; init; }

    /// <summary>What the origins at work gave lately, in bytes per second; 0 while unknown.</summary>
    public double OriginRate { get; init; }

    /// <summary>What all peers together gave lately, in bytes per second; 0 while unknown.</summary>
    public double PeersRate { get; init; }

    /// <summary>
    /// What the origin may be expected to do, in bytes per second, by what it gave to this fetch and to others lately; 0 while unknown.
    /// </summary>
    public double OriginSpeed { get; init; }

    /// <summary>The same of the peers found so far that have all of it, together.</summary>
    public double PeersSpeed { get; init; }
}
