namespace AptP2P;

/// <summary>What a source's bytes are worth.</summary>
public enum SourceRole
{
    /// <summary>The archive, or a mirror of it: its bytes settle a dispute.</summary>
    Origin,

    /// <summary>Strangers: their bytes are passed on only after verification.</summary>
    Peers,

    /// <summary>
    /// The operator's own copies at hand: a folder, a disk, a file share. Reading them costs no line and tells nobody, so they are asked
    /// first, whatever the policy, and nobody else is while they give it fast enough. The hash of the whole decides, as with an origin,
    /// but a wrong copy is dropped and others are asked. What they have to say about pieces is not asked for.
    /// </summary>
    Local,
}
