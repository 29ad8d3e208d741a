namespace AptP2P.Host.Catalog.Metadata;

/// <summary>What became of an answer that could be the copy of a file that changes under its name.</summary>
internal enum KeepOutcome
{
    /// <summary>It is the copy now.</summary>
    Kept,

    /// <summary>It is not: no such file, cut off, or not signed as apt wants it. apt judges for itself.</summary>
    NotKept,

    /// <summary>It is an older state than the copy: the copy is what apt should get.</summary>
    Older,
}
