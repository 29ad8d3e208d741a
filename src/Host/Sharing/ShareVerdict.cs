namespace AptP2P.Host.Sharing;

/// <summary>Whether an archive's files are given to peers, and if not, why.</summary>
internal enum ShareVerdict
{
    Shared,

    /// <summary>The configuration says no.</summary>
    Unwanted,

    /// <summary>Its name has never been resolved here, so nobody knows where it is.</summary>
    Unknown,

    /// <summary>It has an address that is not of the whole internet.</summary>
    PrivateAddress,

    /// <summary>It is asked for with a password.</summary>
    Password,

    /// <summary>Its path or host shows that not everybody may have it; see <see cref="PrivatePath"/>.</summary>
    PrivatePath,
}
