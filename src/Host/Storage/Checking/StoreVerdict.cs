namespace AptP2P.Host.Storage.Checking;

/// <summary>What a look at the bytes of a stored content has shown.</summary>
internal enum StoreVerdict
{
    /// <summary>They are what the hash says.</summary>
    Right,

    /// <summary>They are not, or cannot be read. The content was removed.</summary>
    Damaged,

    /// <summary>It is not stored.</summary>
    Gone,
}
