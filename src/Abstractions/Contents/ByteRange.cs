namespace AptP2P;

/// <summary>Bytes <see cref="Start"/> up to, but not with, <see cref="End"/>.</summary>
public readonly record struct ByteRange(long Start, long End)
{
    /// <summary>How many bytes there are.</summary>
    public long Length => End - Start;
}
