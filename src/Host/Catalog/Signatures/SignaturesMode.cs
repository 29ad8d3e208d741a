namespace AptP2P.Host.Catalog.Signatures;

/// <summary>Whether the signatures of Releases are checked.</summary>
internal enum SignaturesMode
{
    /// <summary>Where a keyring for the archive is on this machine.</summary>
    Auto,

    /// <summary>The same, but what is refused is only logged.</summary>
    Warn,

    Off,
}
