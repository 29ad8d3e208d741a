namespace AptP2P.Testing.InMemory;

/// <summary>A stored content, or one that peers may read, in an array.</summary>
public sealed class InMemoryStored(ContentHash hash, ReadOnlyMemory<byte> content, PieceList? pieces) : IStoredContent
{
    public ContentHash Hash => hash;

    public PieceList? Pieces => pieces;

    public long Length => content.Length;

    public ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var count = (int)Math.Min(destination.Length, content.Length - offset);
        content.Slice((int)offset, count).CopyTo(destination);
        return new(count);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
