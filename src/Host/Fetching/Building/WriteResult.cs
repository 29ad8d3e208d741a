using AptP2P.Host.Fetching.Blocks;

namespace AptP2P.Host.Fetching.Building;

/// <summary>What follows from a write to the partial file.</summary>
/// <param name="IsTaken">Whether the bytes count.</param>
/// <param name="Full">The blocks that they filled, if any.</param>
/// <param name="IsNext">Whether the hash of the whole is to go on with them, since they are the next of it.</param>
internal readonly record struct WriteResult(bool IsTaken, List<FilledBlock>? Full = null, bool IsNext = false);
