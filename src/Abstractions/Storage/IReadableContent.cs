namespace AptP2P;

/// <summary>Bytes that can be read at any offset, by several readers at once.</summary>
public interface IReadableContent : IAsyncDisposable
{
    /// <summary>In bytes.</summary>
    long Length { get; }

    /// <summary>
    /// Reads up to <paramref name="destination"/>'s length from <paramref name="offset"/>; 0 only at the end, or for an empty destination.
    /// </summary>
    ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken);
}
