using AptP2P.Testing.InMemory;

namespace AptP2P.Host.Tests.Fetching.Building;

/// <summary>A partial file of which so much is read at once, and the rest when the gate opens.</summary>
internal sealed class SlowToRead(InMemoryPartial partial, long atOnce = 0) : IPartialContent
{
    private long _read;

    public TaskCompletionSource Gate { get; } = new();

    public long Length => partial.Length;

    public IReadOnlyList<ByteRange> Recovered => partial.Recovered;

    public async ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        _read += destination.Length;
        await (_read > atOnce ? Gate.Task : Task.CompletedTask);
        return await partial.ReadAsync(offset, destination, cancellationToken);
    }

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        partial.WriteAsync(offset, bytes, cancellationToken);

    public ValueTask MarkAsync(ByteRange range, CancellationToken cancellationToken) => partial.MarkAsync(range, cancellationToken);

    public ValueTask CommitAsync(PieceList? pieces, CancellationToken cancellationToken) =>
        partial.CommitAsync(pieces, cancellationToken);

    public ValueTask UnmarkAllAsync(CancellationToken cancellationToken) => partial.UnmarkAllAsync(cancellationToken);

    public ValueTask DisposeAsync() => partial.DisposeAsync();
}
