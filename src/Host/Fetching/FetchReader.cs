using AptP2P.Host.Fetching.Channels;

namespace AptP2P.Host.Fetching;

/// <summary>
/// One who waits for a content: reads what may be handed out, as it grows. The fetch goes on while there is at least one.
/// </summary>
internal sealed class FetchReader(IReadableFetch fetch) : IAsyncDisposable
{
    private int _doubts = fetch.ReadState.Doubts;
    private long _readInGoodFaith; // before the last doubt
    private long _start;
    private long _end = fetch.Content.Length;
    private bool _disposed;

    public Content Content => fetch.Content;

    public FetchTraffic Traffic => fetch.Traffic;

    /// <inheritdoc cref="IReadableFetch.Givers"/>
    public IReadOnlyCollection<string> Givers => fetch.Givers;

    /// <inheritdoc cref="IReadableFetch.Outcome"/>
    public Task<bool> Outcome => fetch.Outcome;

    /// <inheritdoc cref="Audience.Released"/>
    public CancellationToken Released => fetch.Released;

    /// <summary>Where to read what <see cref="Take"/> names.</summary>
    public IReadableContent Bytes => fetch.Bytes;

    /// <summary>Where the next byte comes from.</summary>
    public long Position { get; private set; }

    /// <summary>Whether all was read.</summary>
    public bool IsAtEnd => Position == _end;

    /// <inheritdoc cref="IReadableFetch.LastModified"/>
    public DateTimeOffset? LastModified => fetch.LastModified;

    /// <summary>Reads a part alone. Called before anything was read.</summary>
    public void Limit(ByteRange part) => (Position, _start, _end) = (part.Start, part.Start, part.End);

    /// <summary>Waits until there is something to read, the content is empty, or it is known that it cannot be had.</summary>
    /// <returns>Why not, if so.</returns>
    public async ValueTask<FetchFailure?> WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var progress = fetch.Progress;
            var state = fetch.ReadState;
            if (_doubts != state.Doubts)
            {
                (_doubts, _readInGoodFaith) = (state.Doubts, Position > _start ? Position : 0);
            }

            if (_readInGoodFaith > state.WrongFrom)
            {
                return new FetchFailure(ChannelOutcome.Protocol, "peers sent wrong bytes; ask again, the mirror will answer");
            }

            if (state.Servable > Position || (IsAtEnd && (state.Servable == Content.Length || Position > _start)))
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

    /// <summary>What may be read next, once <see cref="WaitAsync"/> said that there is something. It counts as read from now on.</summary>
    public ByteRange Take(long most)
    {
        var part = new ByteRange(Position, Math.Clamp(fetch.ReadState.Servable, Position, Math.Min(Position + most, _end)));
        Position = part.End;
        return part;
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
