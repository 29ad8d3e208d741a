namespace AptP2P.Host.Catalog.Signatures;

/// <summary>What a Release's signature is worth on this machine. The numbers are kept in the catalog.</summary>
internal enum ReleaseTrust
{
    /// <summary>No keyring is here to check it with, or no program.</summary>
    Unknown = 0,

    /// <summary>A key that apt would accept for this archive has signed it.</summary>
    Good = 1,

    /// <summary>apt would refuse it: forged, damaged, not signed, or signed by a key that apt has not for this archive.</summary>
    Bad = 2,
}
