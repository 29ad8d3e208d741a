namespace AptP2P.Host.Catalog.Learning;

/// <summary>What became of something that was to be learned.</summary>
internal enum LearnOutcome
{
    Learned,

    /// <summary>This state of the index has been read before.</summary>
    Known,

    /// <summary>No Release names it, so nobody vouches for it; or an older one than the newest; or it is none.</summary>
    Unnamed,

    /// <summary>It names no files: translations, contents lists, icons.</summary>
    NoIndex,

    /// <summary>Truncated, garbage, or not what its name says. Nothing of it was learned.</summary>
    Damaged,

    /// <summary>More than the limits allow. Nothing of it was learned.</summary>
    TooLarge,

    /// <summary>The catalog could not be written, or the file not read.</summary>
    Failed,
}

/// <param name="Outcome">What happened.</param>
/// <param name="Entries">Files that are known now, before or after.</param>
/// <param name="Reason">In words, where something was wrong.</param>
internal readonly record struct LearnResult(LearnOutcome Outcome, int Entries = 0, string? Reason = null);
