namespace AptP2P.Host.Fetching;

/// <summary>One who waits for a content: reads what may be handed out, as it grows. The fetch goes on while there is at least one.</summary>
internal sealed class FetchReader(Fetch fetch) : IAsyncDisposable
{
    private int _doubts = fetch.Builder.Trust.Doubts;
    private long _readInGoodFaith; // before the last doubt
    private bool _disposed;

    public Content Content => fetch.Content;

    public FetchTraffic Traffic => fetch.Traffic;

    /// <summary>Whether the content came into the store, once that is decided.</summary>
    public Task<bool> Outcome => fetch.Outcome;

    /// <summary>Where the next byte comes from.</summary>
    public long Position { get; private set; }

    /// <summary>Whether all was read.</summary>
    public bool IsAtEnd => Position == Content.Length;

    /// <summary>Waits until there is something to read, the content is empty, or it is known that it cannot be had.</summary>
    /// <returns>Why not, if so.</returns>
    public async ValueTask<FetchFailure?> WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var progress = fetch.Builder.Progress.Next;
            if (_doubts != fetch.Builder.Trust.Doubts)
            {
                (_doubts, _readInGoodFaith) = (fetch.Builder.Trust.Doubts, Position);
            }

            var servable = fetch.Builder.Servable;
            if (_readInGoodFaith > fetch.Builder.Trust.WrongFrom)
            {
                return new FetchFailure(ChannelOutcome.Protocol, "peers sent wrong bytes; ask again, the mirror will answer");
            }

            if (servable > Position || (servable == Content.Length && IsAtEnd))
            {
                return null;
            }

            if (fetch.Failure is { } failure)
            {
                return failure;
            }

            await progress.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Reads the next bytes, once <see cref="WaitAsync"/> said that there are some.</summary>
    /// <returns>How many; 0 at the end.</returns>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        var available = fetch.Builder.Servable - Position;
        if (available <= 0)
        {
            return 0;
        }

        var read = await fetch.Partial.ReadAsync(Position, destination[..(int)Math.Min(destination.Length, available)], cancellationToken);
        Position += read;
        return read;
    }

    public ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            fetch.Leave();
        }

        return ValueTask.CompletedTask;
    }
}
