namespace AptP2P.Host.Fetching.Building;

/// <summary>A full block whose hash is not known.</summary>
/// <param name="Index">Which.</param>
/// <param name="Range">Where its bytes are.</param>
/// <param name="Emptied">How often it had been emptied: once that is another number, the hash is of other bytes.</param>
internal readonly record struct UnhashedBlock(int Index, ByteRange Range, int Emptied);
