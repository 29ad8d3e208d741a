using System.Collections.Immutable;

namespace AptP2P.Host.Apt.Releases;

/// <summary>A file that a Release names, relative to the Release's own directory.</summary>
/// <param name="Name">Such as <c>main/binary-amd64/Packages.xz</c>.</param>
/// <param name="Hash">Its SHA-256.</param>
/// <param name="Size">In bytes.</param>
internal sealed record ReleaseEntry(string Name, ContentHash Hash, long Size)
{
    /// <summary>Its other digests, in binary. A client may ask for <c>by-hash/SHA512/...</c> or <c>by-hash/MD5Sum/...</c>.</summary>
    public ImmutableArray<byte[]> OtherDigests { get; init; } = [];
}

/// <summary>
/// A file that a Release names without a SHA-256: what it is shows when it passes, if it has this size and these digests.
/// </summary>
/// <param name="Name">As in <see cref="ReleaseEntry"/>.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Digests">In binary: one or more of MD5, SHA-1 and SHA-512.</param>
internal sealed record UnprovenEntry(string Name, long Size, ImmutableArray<byte[]> Digests);
