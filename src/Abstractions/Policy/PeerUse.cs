namespace AptP2P;

/// <summary>What part peers play in a fetch.</summary>
public enum PeerUse
{
    /// <summary>None.</summary>
    None,

    /// <summary>Those already known to have it.</summary>
    Known,

    /// <summary>Those that a look-up finds.</summary>
    Search,
}
