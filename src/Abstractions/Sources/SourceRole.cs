namespace AptP2P;

/// <summary>What a source's bytes are worth.</summary>
public enum SourceRole
{
    /// <summary>The archive, or a mirror of it: its bytes settle a dispute.</summary>
    Origin,

    /// <summary>Strangers: their bytes are passed on only after verification.</summary>
    Peers,
}
