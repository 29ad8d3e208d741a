namespace AptP2P.Host.Storage.Checking;

/// <summary>What the check of a stored content has shown.</summary>
internal enum StoreVerdict
{
    /// <summary>Its bytes have the hash.</summary>
    Right,

    /// <summary>Its bytes have another hash, or cannot be read. It was removed.</summary>
    Damaged,

    /// <summary>It is not stored.</summary>
    Gone,
}
