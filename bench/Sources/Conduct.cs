namespace AptP2P.Bench.Sources;

/// <summary>How a peer behaves that has said it has every file.</summary>
internal enum Conduct
{
    /// <summary>Sends what it said, at once.</summary>
    Good,

    /// <summary>The same, but all who read from it get no more than a home line gives: 2 MB/s.</summary>
    Slow,

    /// <summary>Its port is closed: connecting is refused.</summary>
    Gone,

    /// <summary>Nothing comes back when one connects, as from a machine that is off, or behind a firewall.</summary>
    Silent,

    /// <summary>Takes connections and requests, and never answers.</summary>
    Hanging,

    /// <summary>Sends right bytes, a few in a second.</summary>
    Trickling,

    /// <summary>Sends wrong bytes that fit its wrong list of pieces, the same as the other liars.</summary>
    Lying,
}
