namespace AptP2P.Host.Catalog.Learning;

/// <summary>What an archive names, but not by a SHA-256: an index by its Release, or a package by its index.</summary>
/// <param name="Archive">The archive's row.</param>
/// <param name="Path">Decoded, by its plain name.</param>
/// <param name="Digest">The strongest that it is named by, in binary; its length says which.</param>
/// <param name="Size">In bytes.</param>
internal sealed record UnprovenFile(long Archive, string Path, byte[] Digest, long Size)
{
    /// <summary>Larger ones pass without being looked at: who waits for the next answer waits for that too.</summary>
    public const long MaxLength = 128 << 20;

    /// <summary>Whether a body of this length may be it.</summary>
    public bool MayBe(long length) => length == Size && length <= MaxLength;
}
