namespace AptP2P.Host.Apt.Indexes;

/// <summary>A file that an index names; valid during the call of the sink.</summary>
/// <param name="path">Raw, relative to <paramref name="place"/>.</param>
/// <param name="place">What the path is relative to.</param>
/// <param name="digest">In binary: its SHA-256, or where it has none its SHA-512.</param>
/// <param name="size">In bytes.</param>
internal readonly ref struct IndexEntry(ReadOnlySpan<byte> path, IndexEntryPlace place, ReadOnlySpan<byte> digest, long size)
{
    public ReadOnlySpan<byte> Path { get; } = path;

    public IndexEntryPlace Place => place;

    public ReadOnlySpan<byte> Digest { get; } = digest;

    public long Size => size;
}

/// <summary>Takes a file that an index names.</summary>
internal delegate void IndexEntrySink(in IndexEntry entry);

internal enum IndexEntryPlace
{
    /// <summary>The archive's root: packages and sources.</summary>
    ArchiveRoot,

    /// <summary>The directory of the index: pdiff patches.</summary>
    IndexDirectory,
}
