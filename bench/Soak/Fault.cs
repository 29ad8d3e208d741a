namespace AptP2P.Bench.Soak;

/// <summary>What a mirror does with a file that it should send.</summary>
internal enum Fault
{
    None,

    /// <summary>Half of it, and the connection ends.</summary>
    Cut,

    /// <summary>503.</summary>
    Refused,

    /// <summary>8 kB a second.</summary>
    Trickle,

    /// <summary>Nothing for five seconds.</summary>
    Hang,

    /// <summary>Wrong bytes among the right ones.</summary>
    Corrupt,
}
