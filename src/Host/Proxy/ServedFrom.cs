namespace AptP2P.Host.Proxy;

/// <summary>Where an answer came from: the <c>X-Cache</c> header, and a tag in the metrics.</summary>
internal enum ServedFrom
{
    /// <summary>The store.</summary>
    Hit,

    /// <summary>Passed through, since its hash is not known.</summary>
    Miss,

    /// <summary>A fetch in which peers take part.</summary>
    Peers,

    /// <summary>A fetch from the mirror alone.</summary>
    Mirror,

    /// <summary>The last good copy, since the mirror does not answer.</summary>
    Stale,
}
