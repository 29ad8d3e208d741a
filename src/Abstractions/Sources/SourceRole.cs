namespace AptP2P;

/// <summary>What a source's bytes are worth.</summary>
public enum SourceRole
{
    /// <summary>The archive, or a mirror of it: its bytes settle a dispute.</summary>
    Origin,

    /// <summary>Strangers: nothing of theirs is passed on before it is verified.</summary>
    Peers,
}
