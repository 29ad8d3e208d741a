namespace AptP2P.Host.Storage.Space;

/// <summary>What the store knows of a file of its own without looking at the disk.</summary>
/// <param name="Length">In bytes, when it was published.</param>
/// <param name="Written">When it was last written to; it never is again, so another time is a reason to doubt it.</param>
/// <param name="Used">When somebody last wanted it.</param>
internal readonly record struct StoredFile(long Length, DateTime Written, DateTime Used);

/// <summary>What may have to go when room is needed: a stored content, or one that an earlier run left unfinished.</summary>
internal readonly record struct Removable(ContentHash Hash, bool IsPartial, long Bytes, DateTime Used);
