using System.Collections.Immutable;

namespace AptP2P;

/// <summary>Bytes that an archive's index names: what they hash to, how many they are, and where the archive keeps them.</summary>
/// <param name="Hash">From the index; weaker hashes never identify content.</param>
/// <param name="Length">In bytes, from the index.</param>
/// <param name="Origins">In order of preference; empty when only peers can have it.</param>
public sealed record Content(ContentHash Hash, long Length, ImmutableArray<Origin> Origins);
